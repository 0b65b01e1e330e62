package dev.pearlroutes.intake;

import dev.pearlroutes.files.Digests;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes requests with leads, or with updates or look-ups of leads. The client is answered before a request is worked on, so its body
 * is in the ledger first.
 */
public final class RequestIntake {
    private static final int HASH_DIGITS = 32;

    private final MessageIntake messages;
    private final Sources sources;
    private final Clock clock;

    public RequestIntake(MessageIntake messages, Sources sources, Clock clock) {
        this.messages = messages;
        this.sources = sources;
        this.clock = clock;
    }

    /** A request that came. @param isNew whether it came for the first time; it is under way then, until {@link #release} */
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
            Source request = checked(outbound, operation, key, body);
            received = sources.receiveRequest(named(request, name, sha256), body);
        }
        return received.source().sha256().equals(sha256)
                ? Optional.of(new Entered(received.source(), received.isNew()))
                : Optional.empty();
    }

    /** Makes the run of a request of which the ledger keeps nothing. @throws UnreadableSourceException when it can't be used */
    public SourceRun unrecorded(String outbound, Source.Operation operation, byte[] body) {
        return messages.run(named(checked(outbound, operation, "", body), "request", Digests.sha256(body)), body);
    }

    private Source checked(String outbound, Source.Operation operation, String key, byte[] body) {
        Scan scan = messages.read(outbound, operation, body);
        return new Source(
                0,
                outbound,
                operation,
                "",
                key,
                Source.REQUESTS,
                Source.State.SENDING,
                null,
                scan.rows(),
                clock.instant(),
                null,
                scan.sheet(),
                null,
                null,
                false);
    }

    private static Source named(Source request, String name, String sha256) {
        return new Source(
                request.id(),
                request.outbound(),
                request.operation(),
                name,
                request.droppedAs(),
                request.queue(),
                request.state(),
                sha256,
                request.rows(),
                request.startedAt(),
                null,
                request.sheet(),
                null,
                null,
                false);
    }

    /** Finds a request; empty when it was forgotten. */
    public Optional<Source> find(long sourceId) {
        return sources.find(sourceId);
    }

    /** Opens a request to be worked on. @return empty when it is finished or was refused */
    public Optional<SourceRun> open(long sourceId) {
        return sources.find(sourceId)
                .filter(Source::unfinished)
                .flatMap(source -> sources.body(sourceId).map(body -> messages.run(source, body)));
    }

    /** Ends a request that was worked on. @throws IllegalStateException when a row has no outcome, so that it is taken up again */
    public void finish(SourceRun run) {
        messages.finish(run);
    }

    /** Ends a request that cannot be read any more. @param reason for its sender and the operator */
    public void fail(long sourceId, String reason) {
        sources.failedRequest(sourceId, reason);
    }

    /** Forgets a request that must not be sent, unless rows of it are planned. */
    public void forget(long sourceId) {
        sources.refuse(sourceId);
        sources.release(sourceId);
    }
}
