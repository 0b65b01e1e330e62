package dev.pearlroutes.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * To whom the troubles of the program are reported.
 *
 * @param sinks of ops events; empty for none
 * @param httpSink where the HTTP sink posts them; null when no address is configured, never when {@code http} is among the sinks
 * @param jmsSinkQueue queue of the sink {@code jms}
 * @param expectedFiles Quartz crons of the times by which an outbound has a lead file, by outbound
 * @param mail the mails; null for none
 */
public record Ops(
        List<String> sinks, HttpTarget httpSink, String jmsSinkQueue, Map<String, String> expectedFiles, Mail mail) {

    /** How the way to the mail server is kept from others. */
    public enum Tls {
        /** By TLS that begins after the first words, and without which nothing is sent. */
        STARTTLS,
        /** By TLS from the beginning. */
        TLS,
        /** By nothing, on this machine. */
        NONE
    }

    /**
     * The mail server and whom mails are for.
     *
     * @param username null when the server wants none
     * @param password null when there is none
     * @param to at least one
     * @param delay how long a mail waits for more to tell of
     * @param pause least time between two mails of one outage
     */
    public record Mail(
            String host,
            int port,
            Tls tls,
            String username,
            Secret password,
            String from,
            List<String> to,
            Duration delay,
            Duration pause) {}

    /** Tells whether they are reported to anybody. */
    public boolean on() {
        return !sinks.isEmpty() || mail != null;
    }
}
