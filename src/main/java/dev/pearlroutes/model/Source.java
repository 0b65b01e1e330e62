package dev.pearlroutes.model;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A lead file, message or request by HTTP that was taken. A request is a message whose body the ledger keeps until it is finished.
 *
 * @param id number of the source in this ledger; names its folder below {@code work/}
 * @param operation what is done with its rows
 * @param name name of the file in {@code done/} or {@code failed/}: the dropped one, made unique and not too long; of a
 *     message, what it is known by when it is redelivered
 * @param droppedAs name under which the file was dropped; of a message its JMSMessageID, of a request its
 *     Idempotency-Key, empty when it has none
 * @param queue that a message was taken from; {@link #REQUESTS} for a request, null for a file
 * @param sha256 of the dropped bytes, in hex; null before the scan
 * @param rows rows read by the scan; null before it
 * @param finishedAt null until every row has an outcome
 * @param sheet name of the sheet whose rows they are; null before the scan, and when it is no workbook
 * @param suppression the receipt's member on the suppression lists, as JSON; null before the finish, and when there are none
 * @param bytes of the dropped file that the scan read; null before it, and where that is not known
 * @param grown whether rows were added to the file after the scan, and were taken up
 */
public record Source(
        long id,
        String outbound,
        Operation operation,
        String name,
        String droppedAs,
        String queue,
        State state,
        String sha256,
        Long rows,
        Instant startedAt,
        Instant finishedAt,
        String sheet,
        String suppression,
        Long bytes,
        boolean grown) {

    /** In the place of a queue: no queue of a broker has this name. */
    public static final String REQUESTS = "http:";

    /** The operation on the rows of a source, with the states that the rows can end in: the counts of its receipt, in their order. */
    public enum Operation {
        ADD("", RowState.ACCEPTED),
        UPDATE("updates", RowState.UPDATED),
        LOOKUP("lookups", RowState.FOUND),
        /** A preflight of leads: nothing is sent, and the ledger has no rows of it. */
        CHECK("check", RowState.ACCEPTED),
        /** The program's own updates that stop leads whose number came onto a suppression list. */
        SUPPRESS("suppress", RowState.UPDATED),
        /** The program's own updates that stop the leads of a recalled file. */
        RECALL("recalls", RowState.UPDATED);

        private final String folder;
        private final RowState success;

        Operation(String folder, RowState success) {
            this.folder = folder;
            this.success = success;
        }

        /** Tells whether its files are dropped by people. */
        public boolean dropped() {
            return this != SUPPRESS && this != RECALL;
        }

        /** Returns the folder below those of the outbound; empty for the outbound's own. */
        public String folder() {
            return folder;
        }

        /** Lists the states that the rows can end in. */
        public List<RowState> states() {
            return switch (this) {
                case LOOKUP -> List.of(success, RowState.MISSING, RowState.REJECTED);
                case CHECK -> List.of(success, RowState.DUPLICATE, RowState.REJECTED, RowState.SUPPRESSED);
                default ->
                    List.of(
                            success,
                            RowState.DUPLICATE,
                            RowState.REJECTED,
                            RowState.SUPPRESSED,
                            RowState.CANCELLED,
                            RowState.UNKNOWN);
            };
        }

        /** Returns the name used in the ledger and in receipts. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Finds the operation of a {@link #word}. */
        public static Operation of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** Tells whether it is a message or a request; otherwise it is a file. */
    public boolean message() {
        return queue != null;
    }

    /** Tells whether it is a request by HTTP. */
    public boolean request() {
        return REQUESTS.equals(queue);
    }

    /** Tells whether a row may have no outcome yet, or a file of it may not be in its place. */
    public boolean unfinished() {
        return state == State.CLAIMED || state == State.SENDING;
    }

    /** Returns the origin of the row on a line. */
    public Origin origin(long line) {
        return Origin.of(id, name, droppedAs, queue, line);
    }

    /** The progress of a source. */
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
