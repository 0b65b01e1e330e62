package dev.pearlroutes.model;

/**
 * An event of the outbox.
 *
 * @param seq position in the outbox; 0 before it is recorded
 * @param stream {@code leads} or {@code calls}: which file of the file sink it belongs to
 * @param json the whole CloudEvent on one line
 */
public record Event(long seq, String outbound, String stream, String json) {

    /** Makes an event that is not recorded yet. */
    public static Event of(String outbound, String stream, String json) {
        return new Event(0, outbound, stream, json);
    }

    @Override
    public String toString() {
        return "Event[seq=" + seq + "]";
    }
}
