package dev.pearlroutes.intake;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.ledger.Sources;
import dev.pearlroutes.ledger.Unknowns;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Backoff;
import dev.pearlroutes.nlpearl.Shutdown;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unfinished sources that nobody works on: what the last run of the program left, and what some trouble ended. The latter
 * are tried again by themselves, at most 30 s apart.
 */
public final class UnfinishedSources {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedSources.class);
    private static final Backoff INTERVALS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private final Sources sources;
    private final Unknowns unknowns;
    private final Shutdown shutdown;
    private final Clock clock;
    private final Map<Long, Trouble> troubles = new ConcurrentHashMap<>();

    public UnfinishedSources(Sources sources, Unknowns unknowns, Shutdown shutdown, Clock clock) {
        this.sources = sources;
        this.unknowns = unknowns;
        this.shutdown = shutdown;
        this.clock = clock;
    }

    /** What ended the work on a source last. @param failures in a row @param again when it is tried again */
    private record Trouble(String reason, int failures, Instant again) {}

    /** The numbers of an outbound's sources for an operation to be worked on now, oldest first; each comes back by {@link #ended} or {@link #failed}. */
    public List<Long> due(String outbound, Source.Operation operation) {
        if (shutdown.requested()) {
            return List.of();
        }
        Instant now = clock.instant();
        List<Long> due = sources.takeUp(outbound, operation, now, id -> {
            Trouble trouble = troubles.get(id);
            return trouble == null || !now.isBefore(trouble.again());
        });
        return due.stream().filter(id -> recovered(id, now)).toList();
    }

    private boolean recovered(long sourceId, Instant now) {
        try {
            unknowns.recover(sourceId, now);
            return true;
        } catch (RuntimeException e) {
            // One source's trouble keeps no other from being worked on.
            failed(
                    sourceId,
                    e instanceof LedgerException ? e.getMessage() : e.getClass().getSimpleName());
            return false;
        }
    }

    /** The work on a source is over. */
    public void ended(long sourceId) {
        troubles.remove(sourceId);
        sources.release(sourceId);
    }

    /** The work on a source came to an early end; it is taken up again. @param reason for the person who has to act */
    public void failed(long sourceId, String reason) {
        Trouble before = troubles.get(sourceId);
        int failures = before == null ? 1 : before.failures() + 1;
        try {
            String named = name(sourceId) + ": " + reason;
            troubles.put(sourceId, new Trouble(named, failures, clock.instant().plus(INTERVALS.after(failures))));
            if (before == null || !before.reason().equals(named)) {
                LOG.error(
                        "{}. It is tried again by itself, at most {} s apart",
                        named,
                        INTERVALS.longest().toSeconds());
            }
        } finally {
            sources.release(sourceId);
        }
    }

    /** Why sources are not finished, for health and for people; empty while all is well. */
    public List<String> reasons() {
        return troubles.values().stream()
                .map(trouble -> trouble.reason() + ".")
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
