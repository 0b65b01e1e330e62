package dev.pearlroutes.delivery;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.SinkBacklog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher of events: each sink of each outbound gets its next events in order, and what it has taken is noted. A sink that
 * fails is tried again after 1 s, then ever later up to 30 s, and holds up no other; what it refuses for good is set aside, unless
 * it refuses everything.
 */
public final class EventDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);

    /** Nanoseconds for which the number of the newest event is not read again. */
    private static final long NEWEST_FOR = Duration.ofMillis(100).toNanos();

    private final Outbox outbox;
    private final DeadLetterFiles deadLetters;
    private final Clock clock;
    private final Map<String, SinkStatus> statuses = new ConcurrentHashMap<>();
    private long newest;
    private long newestReadAt = System.nanoTime() - NEWEST_FOR;

    public EventDispatcher(Outbox outbox, DeadLetterFiles deadLetters, Clock clock) {
        this.outbox = outbox;
        this.deadLetters = deadLetters;
        this.clock = clock;
    }

    /**
     * Tells whether {@link #next} may have something for a sink. Cheap: while nothing is recorded the ledger is read once for all
     * sinks.
     */
    public boolean mayHaveNext(String outbound, String sink) {
        SinkStatus status = status(outbound, sink);
        return status.mayTry(clock.instant()) && status.hasAllUpTo() != newest();
    }

    private synchronized long newest() {
        long now = System.nanoTime();
        if (now - newestReadAt >= NEWEST_FOR) {
            newest = outbox.newest();
            newestReadAt = now;
        }
        return newest;
    }

    /** Reads a sink's next events. @return null when the sink has every event, or is not to be tried now */
    public Delivery next(String outbound, String sink, int most) {
        SinkStatus status = status(outbound, sink);
        if (!status.mayTry(clock.instant())) {
            return null;
        }
        if (status.refusals().open()) {
            return nextOutOfTurn(status);
        }
        // As it was known before: what is recorded meanwhile is looked for once more.
        long newestBefore = newest();
        List<Event> events = outbox.next(outbound, sink, most);
        while (!events.isEmpty() && status.refusals().wasTaken(events.get(0))) {
            outbox.delivered(delivery(status, events.subList(0, 1)));
            events = outbox.next(outbound, sink, most);
        }
        if (events.isEmpty()) {
            status.hasAllUpTo(newestBefore);
            return null;
        }
        return delivery(status, events);
    }

    /** Reads an event behind those that the sink has refused, which shows whose fault that is. */
    private Delivery nextOutOfTurn(SinkStatus status) {
        AmbiguousRefusals refusals = status.refusals();
        List<Event> waiting = refusals.wantsNewest()
                ? outbox.newest(status.outbound(), status.sink())
                : outbox.next(status.outbound(), status.sink(), AmbiguousRefusals.TO_STOP);
        Optional<Event> next = refusals.next(waiting);
        if (next.isEmpty()) {
            awaitAnswers(status);
        }
        return next.map(event -> delivery(status, List.of(event))).orElse(null);
    }

    private static Delivery delivery(SinkStatus status, List<Event> events) {
        return new Delivery(status.outbound(), status.sink(), List.copyOf(events), Map.of());
    }

    /** Notes that the sink has taken them all. */
    public void delivered(Delivery delivery) throws IOException {
        deadLetters.remove(delivery);
        decided(delivery);
        Duration failed = status(delivery).taken(clock.instant());
        if (failed != null) {
            LOG.info(
                    "Results of {} reach its sink {} again, after {} s",
                    delivery.outbound(),
                    delivery.sink(),
                    failed.toSeconds());
        }
    }

    /** Moves the position behind what the sink has decided on, unless events in front of it were refused: those come again first. */
    private void decided(Delivery delivery) {
        AmbiguousRefusals refusals = status(delivery).refusals();
        if (!refusals.open()) {
            outbox.delivered(delivery);
        }
        delivery.events().forEach(refusals::decided);
    }

    /**
     * Sets an event aside that the sink has refused for good, or leaves it where it is while the sink may refuse every event.
     *
     * @return whether the next events can be handed over at once; false when the sink is to wait, or when the event cannot be
     *     set aside: then it comes again, so that it is not lost
     */
    public boolean setAside(Delivery delivery, EventRefusedException refusal) {
        SinkStatus status = status(delivery);
        if (refusal.ambiguous() && !status.refusals().isOwn(delivery.event())) {
            boolean more = status.refusals().refused(delivery.event(), refusal);
            if (!more) {
                awaitAnswers(status);
            }
            return more;
        }
        String reason = refusal.getMessage();
        try {
            deadLetters.keep(delivery, reason);
        } catch (IOException e) {
            String why = reason + ", and what it refuses cannot be kept in " + deadLetters.folder(delivery.sink())
                    + ": " + describe(e);
            tryLater(delivery, new NotDeliveredException(why, null));
            return false;
        }
        decided(delivery);
        long unlogged = status.setAside(reason, clock.instant());
        if (unlogged > 0) {
            LOG.warn(
                    "The sink {} of {} has refused {}, the last one because {}. See {}",
                    delivery.sink(),
                    delivery.outbound(),
                    LogText.count(unlogged, "event"),
                    reason,
                    deadLetters.folder(delivery.sink()));
        }
        return true;
    }

    /** Has a sink wait whose refusals no event has explained that it took. */
    private void awaitAnswers(SinkStatus status) {
        EventRefusedException refusal = status.refusals().refusal();
        status.refusals().endRound();
        String reason = refusal.getMessage() + ", so " + refusal.remedy();
        if (!status.refusals().ofEveryEvent()) {
            fail(status, refusal.getMessage(), null);
        } else if (status.refuseEverything(reason, clock.instant())) {
            LOG.error(
                    "The sink {} of {} refuses every event: {}. They wait in their order, and go by themselves once it"
                            + " takes them",
                    status.sink(),
                    status.outbound(),
                    reason);
        }
    }

    /** Stops the deliveries of a sink that wants nothing any more, until a person has acted. */
    public void stop(Delivery delivery, SinkStoppedException answer) {
        status(delivery).stop(answer.getMessage(), clock.instant());
        LOG.error(
                "STOPPED for the sink {} of {}. {} Its events wait.",
                delivery.sink(),
                delivery.outbound(),
                answer.getMessage());
    }

    /** Has the same events come again after a wait. @throws LedgerException the failure, when it is the ledger's and not the sink's */
    public void tryLater(Delivery delivery, Exception failure) {
        if (failure instanceof LedgerException ledgerFailure) {
            throw ledgerFailure;
        }
        String reason = describe(failure);
        Duration asked = failure instanceof NotDeliveredException answer ? answer.retryAfter() : null;
        status(delivery).refusals().endRound();
        fail(status(delivery), reason, asked);
        LOG.debug("The failure's trace", failure);
    }

    private void fail(SinkStatus status, String reason, Duration asked) {
        if (status.fail(reason, asked, clock.instant())) {
            LOG.warn(
                    "Results of {} do not reach its sink {}: {}. They wait, and it is tried again until it works",
                    status.outbound(),
                    status.sink(),
                    reason);
        }
    }

    /** Answers with the status of every sink that is configured. */
    public List<SinkStatus> statuses() {
        return outbox.backlogs().stream().map(this::status).toList();
    }

    /** Answers with the status of every sink that was tried in this run, without the ledger. */
    public List<SinkStatus> known() {
        return List.copyOf(statuses.values());
    }

    private SinkStatus status(SinkBacklog backlog) {
        SinkStatus status = status(backlog.outbound(), backlog.sink());
        status.counted(backlog);
        return status;
    }

    private SinkStatus status(Delivery delivery) {
        return status(delivery.outbound(), delivery.sink());
    }

    private SinkStatus status(String outbound, String sink) {
        return statuses.computeIfAbsent(outbound + "/" + sink, name -> new SinkStatus(outbound, sink));
    }

    private static String describe(Exception e) {
        return e instanceof NotDeliveredException ? e.getMessage() : LogText.describe(e);
    }
}
