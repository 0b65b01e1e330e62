package dev.pearlroutes.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Something that goes wrong with one request. Without {@link #afterEffect()} the operation is not carried out; with it, it
 * is (the lead exists) and then the fault happens.
 *
 * @param status of the answer, where there is one
 * @param body of the answer; null means the operation's own
 * @param delay of {@link Kind#DELAY}
 */
public record Fault(
        Kind kind, int status, Map<String, String> headers, String body, Duration delay, boolean isAfterEffect) {

    enum Kind {
        ANSWER,
        DROP,
        HANG,
        DELAY,
        TRUNCATE
    }

    private static Fault of(Kind kind, int status, String body) {
        return new Fault(kind, status, Map.of(), body, Duration.ZERO, false);
    }

    /** An answer with an empty body. */
    public static Fault status(int status) {
        return status(status, "");
    }

    public static Fault status(int status, String body) {
        return of(Kind.ANSWER, status, body);
    }

    /** 429 with {@code Retry-After} as given: seconds or an HTTP date; null leaves the header out. */
    public static Fault tooManyRequests(String retryAfter) {
        Fault fault = status(429);
        return retryAfter == null ? fault : fault.withHeader("Retry-After", retryAfter);
    }

    /** Closes the connection without an answer once the request was read. */
    public static Fault drop() {
        return of(Kind.DROP, 0, null);
    }

    /**
     * No answer until {@link Faults#release()}, which gives the true one, or until the sandbox closes. Before the effect,
     * the operation is only carried out at the release, even when the client has long gone.
     */
    public static Fault hang() {
        return of(Kind.HANG, 0, null);
    }

    /** The true answer, late. Before the effect, the operation is late too. */
    public static Fault delay(Duration delay) {
        return new Fault(Kind.DELAY, 0, Map.of(), null, delay, false);
    }

    /** Declares a longer body than it sends, then closes the connection. */
    public static Fault truncate() {
        return of(Kind.TRUNCATE, 200, null);
    }

    /** 200 with a body that is no JSON. */
    public static Fault garbage() {
        return status(200, "<html><body>It works!</body></html>");
    }

    /** 200 without a leadId. */
    public static Fault noLeadId() {
        return status(200, "{}");
    }

    /** 200 whose leadId is null, as the documentation allows. */
    public static Fault nullLeadId() {
        return status(200, "{\"leadId\":null}");
    }

    public Fault withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Fault(kind, status, Map.copyOf(more), body, delay, isAfterEffect);
    }

    public Fault afterEffect() {
        return new Fault(kind, status, headers, body, delay, true);
    }

    /** @param own what the operation answered; null when it was not carried out */
    Answer answer(Answer own) {
        if (kind == Kind.TRUNCATE) {
            byte[] whole = own == null ? "{\"leadId\":\"65f0".getBytes(StandardCharsets.UTF_8) : own.body();
            return new Answer(status, headers, Arrays.copyOf(whole, (whole.length + 1) / 2));
        }
        return new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
