package dev.pearlroutes.app;

/** Starts the routes. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {}
}
