package dev.pearlroutes.config;

/**
 * A value that must not reach a log, a message or a page by accident.
 *
 * @param reveal the value itself
 */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "***";
    }
}
