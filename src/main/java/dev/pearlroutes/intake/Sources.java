package dev.pearlroutes.intake;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.SourceTable.Outdated;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/** The sources in the ledger, from claim to finish, and which of them this process works on: each by one run at a time. */
public final class Sources {
    private final Ledger ledger;

    /** The sources that this process works on or has handed to a route, by number. */
    private final Map<Long, Source> underWay = new ConcurrentHashMap<>();

    /** Those that nobody works on and that may be unfinished, by number, once {@code loaded} with those of the last process. */
    private final NavigableMap<Long, Source> left = new ConcurrentSkipListMap<>();

    /** Held while the files of a finished source are rewritten, which must not become unfinished then. */
    private final Object finishedFiles = new Object();

    private boolean loaded;

    public Sources(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Enters a new source, which is under way until {@link #release}. @param name must be free */
    public Source claim(String outbound, Source.Operation operation, String name, String droppedAs, Instant at) {
        return claimUnless(List.of(), outbound, operation, name, droppedAs, at).orElseThrow();
    }

    /** Enters a new source unless its name, or another one of {@code taken}, is taken. @return empty then */
    public synchronized Optional<Source> claimUnless(
            List<String> taken,
            String outbound,
            Source.Operation operation,
            String name,
            String droppedAs,
            Instant at) {
        List<String> names = new ArrayList<>(taken);
        if (!taken.contains(name)) {
            names.add(name);
        }
        Optional<Source> claimed =
                ledger.transaction(tx -> tx.sources().claim(names, outbound, operation, name, droppedAs, at));
        claimed.ifPresent(source -> underWay.put(source.id(), source));
        return claimed;
    }

    /**
     * Takes up the unfinished sources of an outbound and operation that nobody works on and that wait for neither a person nor a
     * wave, oldest first; each is under way until {@link #release}.
     *
     * @param due whether a source is to be taken up now
     */
    public synchronized List<Long> takeUp(String outbound, Source.Operation operation, Instant at, LongPredicate due) {
        if (!loaded) {
            Stream.concat(unfinished().stream(), unfinishedRequests().stream())
                    .filter(source -> !underWay.containsKey(source.id()))
                    .forEach(source -> left.put(source.id(), source));
            loaded = true;
        }
        // Asked each second for each outbound and operation: most often nothing is left, and the ledger need not be
        // read.
        List<Source> asked = left.values().stream()
                .filter(source -> source.outbound().equals(outbound) && source.operation() == operation)
                .filter(source -> due.test(source.id()))
                .filter(source -> !ledger.transaction(tx -> tx.sourceDecisions().waits(source.id(), at)))
                .toList();
        List<Source> taken = asked.stream()
                .map(source -> find(source.id()).filter(Source::unfinished))
                .flatMap(Optional::stream)
                .toList();
        taken.forEach(source -> underWay.put(source.id(), source));
        asked.forEach(source -> left.remove(source.id()));
        return taken.stream().map(Source::id).toList();
    }

    /** Tells whether an unfinished source is a request, as far as is known without the ledger. */
    boolean isRequest(long id) {
        return Stream.of(underWay, left)
                .map(known -> known.get(id))
                .anyMatch(source -> source != null && source.request());
    }

    /** Ends the work on a source; unless it is finished, {@link #takeUp} finds it. */
    public void release(long id) {
        Source source = underWay.remove(id);
        if (source != null) {
            left.put(id, source);
        }
    }

    /** Finds a source that is handed over to be worked on. The ledger isn't read for one that was only just claimed. */
    public Optional<Source> underWay(long id) {
        Source source = underWay.get(id);
        return source != null && source.state() == Source.State.CLAIMED ? Optional.of(source) : find(id);
    }

    /**
     * Tells whether a file is unfinished, as far as is known without the ledger: those of the last process are not before the first
     * {@link #takeUp}.
     */
    public boolean isOpen(long id) {
        return underWay.containsKey(id) || left.containsKey(id);
    }

    public Optional<Source> find(long id) {
        return ledger.read(tx -> tx.sources().find(id));
    }

    /**
     * Enters a message, or finds it as it was entered before: the broker redelivers one whose acknowledgement it did not get.
     *
     * @param message its outbound, operation, name, JMSMessageID, queue, checksum, rows, time and sheet
     */
    public Received receive(Source message) {
        return receive(message, null);
    }

    /**
     * Enters a request, or finds it as it was entered before. A new one is under way until {@link #release}.
     *
     * @param body which is kept until it is finished
     */
    public Received receiveRequest(Source request, byte[] body) {
        Received received = receive(request, body);
        if (received.isNew()) {
            underWay.put(received.source().id(), received.source());
        }
        return received;
    }

    /** @param body to be kept; null for none */
    private Received receive(Source message, byte[] body) {
        return ledger.transaction(tx -> {
            boolean isNew = tx.sources().receive(message);
            if (isNew && body != null) {
                tx.requests()
                        .keep(
                                tx.sources()
                                        .find(message.outbound(), message.operation(), message.name())
                                        .orElseThrow()
                                        .id(),
                                body);
            }
            return new Received(
                    tx.sources()
                            .find(message.outbound(), message.operation(), message.name())
                            .orElseThrow(),
                    isNew);
        });
    }

    /** Finds a message as it was entered before. @return empty when it was not, or was refused */
    public Optional<Received> received(String outbound, Source.Operation operation, String name) {
        return ledger.transaction(tx -> tx.sources().find(outbound, operation, name))
                .map(message -> new Received(message, false));
    }

    /** A message that came. @param isNew whether it came for the first time */
    public record Received(Source source, boolean isNew) {}

    /** Ends a message each of whose rows has an outcome. @return empty when a row has none, so that it must not be acknowledged */
    public Optional<Source> answered(Source message, Instant at) {
        return ledger.transaction(tx -> {
            tx.sources().finishMessage(message.id(), at);
            Optional<Source> finished =
                    tx.sources().find(message.id()).filter(source -> source.state() == Source.State.FINISHED);
            if (message.request() && finished.isPresent()) {
                tx.requests().forget(message.id());
            }
            return finished;
        });
    }

    /** Lists the files that a crash or a shutdown left unfinished, oldest first; the broker brings messages again. */
    public List<Source> unfinished() {
        return ledger.read(tx -> tx.sources().unfinishedFiles());
    }

    /** Lists the requests that are unfinished, oldest first. */
    private List<Source> unfinishedRequests() {
        return ledger.transaction(tx -> tx.requests().unfinished());
    }

    /** Tells whether a source of the outbound for the operation is claimed or worked on. */
    public boolean anyUnfinished(String outbound, Source.Operation operation) {
        return unfinished().stream()
                .anyMatch(source -> source.outbound().equals(outbound) && source.operation() == operation);
    }

    public boolean none() {
        return ledger.transaction(tx -> tx.sources().none());
    }

    /** Forgets a message none of whose rows is planned and that is not let in. */
    public void refuse(long id) {
        ledger.execute(tx -> {
            tx.sources().deleteUnplanned(id);
            if (tx.sources().find(id).isEmpty()) {
                tx.requests().forget(id);
            }
        });
    }

    /** Reads the body of a request; empty when it is finished. */
    public Optional<byte[]> body(long id) {
        return ledger.read(tx -> tx.requests().body(id));
    }

    /** Records that a request of which rows are planned cannot be used any more. */
    void failedRequest(long id, String reason) {
        ledger.execute(tx -> {
            tx.sources().end(id, Source.State.FAILED, reason);
            tx.requests().forget(id);
        });
        underWay.remove(id);
    }

    /** Forgets a claim whose file is still in the inbox, so that it can be claimed again. */
    public void withdraw(long id) {
        ledger.execute(tx -> tx.sources().deleteClaim(id));
        release(id);
    }

    /** Notes what the scan of a source without sheets found: from here on its rows may be sent. */
    public Source scanned(long id, long rows, String sha256) {
        return scanned(id, rows, sha256, null, null);
    }

    /**
     * Notes what the scan found.
     *
     * @param bytes of a file that it read; null where that is not known
     * @param sheet null when it is no workbook
     */
    public Source scanned(long id, long rows, String sha256, Long bytes, String sheet) {
        Source scanned = ledger.transaction(tx -> tx.sources().scanned(id, rows, sha256, bytes, sheet));
        underWay.replace(id, scanned);
        return scanned;
    }

    /** Notes what a scan of the whole file found after rows were added to it. One that was finished is unfinished again. */
    public Source grown(long id, long rows, String sha256, long bytes) {
        synchronized (finishedFiles) {
            Source grown = ledger.transaction(tx -> tx.sources().grown(id, rows, sha256, bytes));
            if (underWay.replace(id, grown) == null) {
                left.put(id, grown);
            }
            return grown;
        }
    }

    /** Lists the files that have finished since some time and are as the scan read them, as far as is known. */
    public List<Source> finishedSince(Instant time) {
        return ledger.transaction(tx -> tx.sources().finishedFilesSince(time));
    }

    /** Does something with the files of a source while it is finished and stays so; nothing when it is unfinished again. */
    public void whileFinished(long id, Consumer<Source> work) {
        synchronized (finishedFiles) {
            find(id).filter(source -> source.state() == Source.State.FINISHED).ifPresent(work);
        }
    }

    /**
     * Notes that a source which is taken up again reads as another number of rows than when it was begun.
     *
     * @throws UnreadableSourceException when the ledger has rows of it, whose numbers may be those of others now
     */
    public Source recounted(Source source, long rows) {
        Source recounted = ledger.transaction(tx -> tx.sources().recounted(source.id(), rows))
                .orElseThrow(() -> RecordedRows.recounted(source, rows));
        underWay.replace(source.id(), recounted);
        return recounted;
    }

    /**
     * Fixes the time of the finish before anything is published, so that a repeated finish publishes the same. What changes from
     * here on may be missing in the receipt.
     *
     * @param suppression what the receipt says of the suppression lists, as JSON; null when there are none
     */
    public Source finishing(long id, Instant at, String suppression) {
        return ledger.transaction(tx -> tx.sources().finishing(id, at, suppression));
    }

    /** Records the finish. @param event published with it; null for none */
    public void finished(long id, Event event) {
        end(id, Source.State.FINISHED, null, event);
    }

    /** Records that a source cannot be used. @param event published with it; null for none */
    public void failed(long id, String reason, Event event) {
        end(id, Source.State.FAILED, reason, event);
    }

    /** Counts the rows of the source by what became of them; every state is there, 0 when no row is in it. */
    public Map<RowState, Long> counts(long id) {
        return ledger.read(tx -> tx.leadRows().counts(id));
    }

    /** Counts the rows of the source that are on record. */
    long recorded(long id) {
        return counts(id).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Tells whether a row of the source is unknown, or is being sent again after it was. */
    public boolean anyUnknown(Source source) {
        return ledger.transaction(tx -> tx.leadRows().anyUnknown(source));
    }

    /** Lists the finished sources of which rows were settled since their receipt was written. */
    public List<Outdated> changed() {
        return ledger.transaction(tx -> tx.sources().outdatedReceipts());
    }

    /** Records that the receipt covers a change. @param event published with it; null while there is nothing to publish */
    public void covered(Outdated outdated, Event event) {
        ledger.execute(tx -> publishIf(tx.sources().receiptWritten(outdated), event, tx));
    }

    private void end(long id, Source.State state, String reason, Event event) {
        // A finish that is repeated after a crash must not publish its event twice.
        ledger.execute(tx -> publishIf(tx.sources().end(id, state, reason), event, tx));
        // There is nothing left of it to be taken up.
        underWay.remove(id);
    }

    private static void publishIf(boolean isFirst, Event event, Transaction tx) {
        if (isFirst && event != null) {
            tx.events().append(List.of(event));
        }
    }
}
