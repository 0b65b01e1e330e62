package dev.pearlroutes.ledger;

import java.time.Instant;

/**
 * A lead file or message that was taken.
 *
 * @param id number of the source in this ledger; names its folder below {@code work/}
 * @param name name of the file in {@code done/} or {@code failed/}: the dropped one, made unique and not too long; of a
 *     message, what it is known by when it is redelivered
 * @param droppedAs name under which the file was dropped; of a message its JMSMessageID, empty when it has none
 * @param queue that a message was taken from; null for a file
 * @param sha256 of the dropped bytes, in hex; null before the scan
 * @param rows rows read by the scan; null before it
 * @param finishedAt null until every row has an outcome
 */
public record Source(
        long id,
        String outbound,
        String name,
        String droppedAs,
        String queue,
        State state,
        String sha256,
        Long rows,
        Instant startedAt,
        Instant finishedAt) {

    public boolean message() {
        return queue != null;
    }

    /** Where the row of this line came from. */
    public Origin origin(long line) {
        return Origin.of(name, droppedAs, queue, line);
    }

    /** Where a source stands. */
    public enum State {
        /** Taken, not yet scanned: nothing of it was sent. */
        CLAIMED,
        /** Scanned; its rows are being sent. */
        SENDING,
        /** Every row has an outcome, and result files and receipt are written. */
        FINISHED,
        /** Could not be read; nothing of it was sent. */
        FAILED,
        /** Older than the retention; its rows are being forgotten. */
        PURGED
    }
}
