package dev.pearlroutes.model;

/**
 * An event of the outbox.
 *
 * @param seq position in the outbox; 0 before it is recorded
 * @param outbound whose sinks get it; {@link #OPS_OUTBOX} for those of {@code ops.sinks}
 * @param stream {@code leads}, {@code calls} or {@code ops}: which file of the file sink it belongs to
 * @param json the whole CloudEvent on one line
 */
public record Event(long seq, String outbound, String stream, String json) {
    /** Stands in the outbound's place for events about the program; no outbound can have this name. */
    public static final String OPS_OUTBOX = "_ops";

    /** Makes an event that is not recorded yet. */
    public static Event of(String outbound, String stream, String json) {
        return new Event(0, outbound, stream, json);
    }

    @Override
    public String toString() {
        return "Event[seq=" + seq + "]";
    }
}
