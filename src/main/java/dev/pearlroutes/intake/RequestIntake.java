package dev.pearlroutes.intake;

import dev.pearlroutes.files.Digests;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests with leads, or with updates or look-ups of leads. The client is answered before a request is worked on, so its body
 * is in the ledger first.
 */
public final class RequestIntake {
    private static final Logger LOG = LoggerFactory.getLogger(RequestIntake.class);
    private static final int HASH_DIGITS = 32;

    /** Requests of an outbound and operation that are under way: more would wait longer than a client does. */
    private static final int MOST_UNDER_WAY = 10_000;

    private final MessageIntake messages;
    private final Sources sources;
    private final SourceQueues queues;
    private final Ledger ledger;
    private final Shutdown shutdown;

    public RequestIntake(
            MessageIntake messages, Sources sources, SourceQueues queues, Ledger ledger, Shutdown shutdown) {
        this.messages = messages;
        this.sources = sources;
        this.queues = queues;
        this.ledger = ledger;
        this.shutdown = shutdown;
    }

    /** Says why no request is taken now; empty when one is. */
    public Optional<String> refusal(String outbound, Source.Operation operation) {
        if (shutdown.requested()) {
            return Optional.of("the program stops: send it again");
        }
        if (ledger.problem().isPresent()) {
            return Optional.of("the ledger cannot be written: send it again later");
        }
        if (ledger.standby().isPresent()) {
            return ledger.standby();
        }
        return queues.requestsUnderWay(outbound, operation) < MOST_UNDER_WAY
                ? Optional.empty()
                : Optional.of(MOST_UNDER_WAY + " requests of the outbound are under way: send it again later");
    }

    /** A request that came. @param isNew whether it came for the first time; to be followed by {@link #begin} or {@link #forget} then */
    public record Entered(Source source, boolean isNew) {}

    /**
     * Enters a request in the ledger, or finds it there when it came before.
     *
     * @param key by which the client sends the same request again; empty when it has none
     * @return empty when another content came with this key
     * @throws UnreadableSourceException when it can't be used, and nothing of it may be sent
     */
    public Optional<Entered> enter(String outbound, Source.Operation operation, String key, byte[] body) {
        String sha256 = Digests.sha256(body);
        String name = key.isEmpty()
                ? "request." + UUID.randomUUID()
                : "request."
                        + Digests.sha256(key.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_DIGITS);
        Sources.Received received = sources.received(outbound, operation, name).orElse(null);
        if (received == null) {
            Source request = messages.read(outbound, operation, name, key, Source.REQUESTS, sha256, body);
            received = sources.receiveRequest(request, body);
        }
        return received.source().sha256().equals(sha256)
                ? Optional.of(new Entered(received.source(), received.isNew()))
                : Optional.empty();
    }

    /** Makes the run of a request of which the ledger keeps nothing. @throws UnreadableSourceException when it can't be used */
    public SourceRun unrecorded(String outbound, Source.Operation operation, byte[] body) {
        Source request = messages.read(outbound, operation, "request", "", Source.REQUESTS, Digests.sha256(body), body);
        return messages.run(request, body);
    }

    /** Has a request that was entered worked on, once a place for it is free. */
    public void begin(Source request) {
        queues.add(request);
    }

    /** Waits until the work on a request ends, for as long as it may take. */
    public void await(Source request, Duration most) throws InterruptedException {
        queues.await(request, most);
    }

    /** Finds a request; empty when it was forgotten. */
    public Optional<Source> find(long sourceId) {
        return sources.find(sourceId);
    }

    /** Opens a request to be worked on. @return null when it is finished or was refused */
    public SourceRun open(long sourceId) {
        return sources.find(sourceId)
                .filter(Source::unfinished)
                .flatMap(source -> sources.body(sourceId).map(body -> messages.run(source, body)))
                .orElse(null);
    }

    /** Ends a request that was worked on. @throws IllegalStateException when a row has no outcome, so that it is taken up again */
    public void finish(SourceRun run) {
        messages.finish(run);
    }

    /** Ends a request that cannot be used any more; unless rows of it are planned it is forgotten, and may be sent again. */
    public void fail(long sourceId, UnreadableSourceException reason) {
        sources.refuse(sourceId);
        Optional<Source> begun = sources.find(sourceId);
        begun.ifPresent(request -> sources.failedRequest(sourceId, reason.getMessage()));
        LOG.error(
                "Request {} cannot be used any more, it {}: {}",
                sourceId,
                reason.getMessage(),
                begun.isPresent() ? "its other rows are not sent" : "nothing of it was sent");
    }

    /** Forgets a request that must not be sent, unless rows of it are planned. */
    public void forget(long sourceId) {
        sources.refuse(sourceId);
        sources.release(sourceId);
    }
}
