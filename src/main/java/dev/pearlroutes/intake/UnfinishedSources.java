package dev.pearlroutes.intake;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Backoff;
import dev.pearlroutes.nlpearl.Shutdown;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unfinished sources that nobody works on: what the last run of the program left, and what a failure ended. The latter are
 * tried again, at most 30 s apart.
 */
public final class UnfinishedSources {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedSources.class);
    private static final Backoff INTERVALS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private final Sources sources;
    private final InterruptedLeads interrupted;
    private final FileIntake fileIntake;
    private final Shutdown shutdown;
    private final Clock clock;
    private final Map<Long, Failure> lastFailures = new ConcurrentHashMap<>();
    private volatile LongConsumer onEnded = sourceId -> {};

    public UnfinishedSources(
            Sources sources, InterruptedLeads interrupted, FileIntake fileIntake, Shutdown shutdown, Clock clock) {
        this.fileIntake = fileIntake;
        this.sources = sources;
        this.interrupted = interrupted;
        this.shutdown = shutdown;
        this.clock = clock;
    }

    /** The last failure of a source. @param failures in a row @param again when it is tried again */
    private record Failure(String reason, int failures, Instant again) {}

    /** Takes up an outbound's files for an operation, oldest first; each comes back by {@link #ended} or {@link #failed}. */
    public List<Long> due(String outbound, Source.Operation operation) {
        return due(
                outbound, operation, (id, now) -> !sources.isRequest(id) && isDue(id, now) && fileIntake.isReady(id));
    }

    /** Takes up an outbound's requests for an operation, as {@link #due} does files. */
    List<Long> dueRequests(String outbound, Source.Operation operation) {
        return due(outbound, operation, (id, now) -> sources.isRequest(id) && isDue(id, now));
    }

    private List<Long> due(String outbound, Source.Operation operation, BiPredicate<Long, Instant> isDue) {
        if (shutdown.requested()) {
            return List.of();
        }
        Instant now = clock.instant();
        return sources.takeUp(outbound, operation, now, id -> isDue.test(id, now)).stream()
                .filter(id -> recovered(id, now))
                .toList();
    }

    private boolean isDue(long sourceId, Instant now) {
        Failure failure = lastFailures.get(sourceId);
        return failure == null || !now.isBefore(failure.again());
    }

    private boolean recovered(long sourceId, Instant now) {
        try {
            interrupted.recover(sourceId, now);
            return true;
        } catch (RuntimeException e) {
            // The failure of one source keeps no other from being worked on.
            failed(
                    sourceId,
                    e instanceof LedgerException ? e.getMessage() : e.getClass().getSimpleName());
            return false;
        }
    }

    /** Ends the work on a source. */
    public void ended(long sourceId) {
        lastFailures.remove(sourceId);
        release(sourceId);
    }

    /** Has the number of each source handed over when the work on it ends. To be called before any is begun. */
    void onEnded(LongConsumer listener) {
        onEnded = listener;
    }

    private void release(long sourceId) {
        try {
            sources.release(sourceId);
        } finally {
            onEnded.accept(sourceId);
        }
    }

    /** Ends the work on a source early; it is taken up again. @param reason for the person who has to act */
    public void failed(long sourceId, String reason) {
        Failure before = lastFailures.get(sourceId);
        int failures = before == null ? 1 : before.failures() + 1;
        try {
            String named = name(sourceId) + ": " + reason;
            lastFailures.put(
                    sourceId, new Failure(named, failures, clock.instant().plus(INTERVALS.after(failures))));
            if (before == null || !before.reason().equals(named)) {
                LOG.error(
                        "{}. It is tried again by itself, at most {} s apart",
                        named,
                        INTERVALS.longest().toSeconds());
            }
        } finally {
            release(sourceId);
        }
    }

    /** Says why sources are not finished, for health and for people; empty while all is well. */
    public List<String> reasons() {
        return lastFailures.values().stream()
                .map(failure -> failure.reason() + ".")
                .sorted()
                .toList();
    }

    private String name(long sourceId) {
        String number = "source " + sourceId;
        try {
            return sources.find(sourceId)
                    .map(source -> LogText.printable(source.name()) + " of " + source.outbound())
                    .orElse(number);
        } catch (LedgerException e) {
            // Most often the reason itself. The source waits its time before it is tried again all the same.
            return number;
        }
    }
}
