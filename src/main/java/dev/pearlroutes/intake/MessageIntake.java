package dev.pearlroutes.intake;

import dev.pearlroutes.files.Digests;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.mapping.Mappers;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.ReadOptions;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Takes messages with leads, or with updates of leads. A message needs no file of its own: the broker keeps it until it is
 * acknowledged, which it is when each of its rows has an outcome in the ledger.
 */
public final class MessageIntake {
    /** Bytes of the largest message or request: some hundred thousand leads. */
    public static final int MAX_BODY = 32 << 20;

    private static final int LONGEST_ID = 120;
    private static final int HASH_DIGITS = 16;
    private static final long UNREAD = -1;

    private final Sources sources;
    private final InterruptedLeads interrupted;
    private final Mappers mappers;
    private final SourceOptions options;
    private final Clock clock;
    private final Set<Long> inWork = new HashSet<>();

    /** @param options by outbound */
    public MessageIntake(
            Sources sources,
            InterruptedLeads interrupted,
            Mappers mappers,
            Map<String, ReadOptions> options,
            Clock clock) {
        this.sources = sources;
        this.interrupted = interrupted;
        this.mappers = mappers;
        this.options = new SourceOptions(options, mappers);
        this.clock = clock;
    }

    /**
     * Reads a message as a whole and enters it in the ledger, or finds it there when it was redelivered. While the same message is
     * in work, brought by a connection that broke since, this waits. {@link #release} or {@link #forget} must follow.
     *
     * @param messageId the JMSMessageID; empty when the sender gave it none. Then leads are known by their content alone; updates
     *     are made once more, since the same change may be wanted again after another one
     * @throws UnreadableSourceException when it can't be used, and nothing of it may be sent; one that was entered before is not
     *     refused for its columns, as a file that was scanned is not
     */
    public SourceRun take(String outbound, Source.Operation operation, String queue, String messageId, byte[] body)
            throws InterruptedException {
        String sha256 = Digests.sha256(body);
        boolean again = messageId.isEmpty() && operation == Source.Operation.UPDATE;
        String name = name(queue, messageId, again ? UUID.randomUUID().toString() : sha256);
        if (!mappers.outbounds().contains(outbound)) {
            return finishedBefore(outbound, operation, name);
        }
        Sources.Received received;
        long rows = UNREAD;
        try {
            Source message = read(outbound, operation, name, messageId, queue, sha256, body);
            rows = message.rows();
            received = sources.receive(message);
            if (!Objects.equals(message.sheet(), received.source().sheet())) {
                // The configuration names another sheet by now.
                rows = UNREAD;
            }
        } catch (UnreadableSourceException e) {
            // The configuration may have changed since rows of it were sent. Asked no sooner: most messages are new.
            received = sources.received(outbound, operation, name).orElseThrow(() -> e);
        }
        Source source = hold(received, rows);
        return run(source, body);
    }

    /** Makes a run of a message or request. */
    SourceRun run(Source source, byte[] body) {
        return new SourceRun(source, null, () -> RowReader.open(body, options.of(source)), clock.instant(), false);
    }

    /** Finds a message of an outbound that is not configured (any more): it was finished and not acknowledged, or cannot be used. */
    private SourceRun finishedBefore(String outbound, Source.Operation operation, String name)
            throws InterruptedException {
        Optional<Sources.Received> known = sources.received(outbound, operation, name);
        if (known.isPresent() && !known.get().source().unfinished()) {
            return new SourceRun(hold(known.get(), UNREAD), null, MessageIntake::nothing, clock.instant(), false);
        }
        String begun = known.map(Sources.Received::source)
                .map(
                        source -> ". " + sources.recorded(source.id()) + " of its " + source.rows()
                                + " rows were begun before; once the outbound is configured again, given again they are duplicates")
                .orElse("");
        throw new UnreadableSourceException("is for an outbound that is not configured: let its outbound be one of "
                + String.join(", ", mappers.outbounds()) + begun);
    }

    private static RowReader nothing() {
        throw new IllegalStateException("a message that is finished is not read again");
    }

    /** @param rows that the message reads as; {@code UNREAD} when it can't be read any more */
    private Source hold(Sources.Received received, long rows) throws InterruptedException {
        long sourceId = received.source().id();
        hold(sourceId);
        try {
            Source source = received.isNew() ? received.source() : recovered(sourceId);
            // Another version of the program may have read other rows in it.
            return rows == UNREAD || rows == source.rows() || !source.unfinished()
                    ? source
                    : sources.recounted(source, rows);
        } catch (RuntimeException e) {
            release(sourceId);
            throw e;
        }
    }

    private Source recovered(long sourceId) {
        // Intents that the last run of it left open may have been requests.
        interrupted.recover(sourceId, clock.instant());
        // What it was while it waited may be over by now.
        return sources.find(sourceId).orElseThrow();
    }

    /**
     * Ends a message that was sent.
     *
     * @throws IllegalStateException when a row has no outcome, so that the broker has to bring the message again
     */
    public Source finish(SourceRun run) {
        Source message = run.source();
        return message.state() == Source.State.FINISHED
                ? message
                : sources.answered(message, clock.instant())
                        .orElseThrow(() -> new IllegalStateException("rows of " + message.name() + " have no outcome"));
    }

    /** Forgets a message that must not be sent, unless rows of it are planned, and lets others have it. */
    public void forget(SourceRun run) {
        try {
            sources.refuse(run.source().id());
        } finally {
            release(run);
        }
    }

    /** Lets others have the message. @param run null when it was not taken */
    public void release(SourceRun run) {
        if (run != null) {
            release(run.source().id());
        }
    }

    private void release(long sourceId) {
        synchronized (inWork) {
            inWork.remove(sourceId);
            inWork.notifyAll();
        }
    }

    private void hold(long sourceId) throws InterruptedException {
        synchronized (inWork) {
            while (!inWork.add(sourceId)) {
                inWork.wait();
            }
        }
    }

    /**
     * Reads a body as a whole.
     *
     * @param name by which it is known when it comes again
     * @param id that its sender gave it; empty for none
     * @param queue {@link Source#REQUESTS} for a request
     * @return the source that it is, not entered yet
     * @throws UnreadableSourceException when it can't be used
     */
    Source read(
            String outbound,
            Source.Operation operation,
            String name,
            String id,
            String queue,
            String sha256,
            byte[] body) {
        Scan scan = scan(outbound, operation, body);
        return new Source(
                0,
                outbound,
                operation,
                name,
                id,
                queue,
                Source.State.SENDING,
                sha256,
                scan.rows(),
                clock.instant(),
                null,
                scan.sheet(),
                null,
                null,
                false);
    }

    private Scan scan(String outbound, Source.Operation operation, byte[] body) {
        try (RowReader reader = RowReader.open(body, options.toScan(outbound, operation))) {
            return Scan.of(reader);
        }
    }

    /** Names a message, always alike; the content is in it, since ids are only as unique as the broker that gave them. */
    private static String name(String queue, String messageId, String content) {
        MessageDigest hash = Digests.sha256();
        for (String part : new String[] {queue, messageId, content}) {
            hash.update((part + "\n").getBytes(StandardCharsets.UTF_8));
        }
        String id = LogText.printable(messageId.isEmpty() ? queue : messageId);
        return id.substring(0, Math.min(LONGEST_ID, id.length())) + "."
                + Digests.hex(hash.digest()).substring(0, HASH_DIGITS);
    }
}
