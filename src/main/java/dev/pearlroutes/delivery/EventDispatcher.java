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
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher of events: each sink of each outbound gets its next events in order, and what it has taken is noted. A sink that
 * fails is tried again after 1 s, then ever later up to 30 s, and holds up no other; what it refuses for good is set aside.
 */
public final class EventDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);

    private final Outbox outbox;
    private final DeadLetterFiles deadLetters;
    private final Clock clock;
    private final Map<String, SinkStatus> statuses = new ConcurrentHashMap<>();

    public EventDispatcher(Outbox outbox, DeadLetterFiles deadLetters, Clock clock) {
        this.outbox = outbox;
        this.deadLetters = deadLetters;
        this.clock = clock;
    }

    /** Reads a sink's next events. @return null when the sink has every event, or is not to be tried now */
    public Delivery next(String outbound, String sink, int most) {
        if (!status(outbound, sink).mayTry(clock.instant())) {
            return null;
        }
        List<Event> events = outbox.next(outbound, sink, most);
        return events.isEmpty() ? null : new Delivery(outbound, sink, events, Map.of());
    }

    /** Notes that the sink has taken them all. */
    public void delivered(Delivery delivery) throws IOException {
        deadLetters.remove(delivery);
        outbox.delivered(delivery);
        Duration failed = status(delivery).recover(clock.instant());
        if (failed != null) {
            LOG.info(
                    "Results of {} reach its sink {} again, after {} s",
                    delivery.outbound(),
                    delivery.sink(),
                    failed.toSeconds());
        }
    }

    /**
     * Sets an event aside that the sink has refused for good.
     *
     * @return whether the next events can be handed over at once; false when it cannot be set aside: then it comes again, so
     *     that it is not lost
     */
    public boolean setAside(Delivery delivery, EventRefusedException refusal) {
        String reason = refusal.getMessage();
        try {
            deadLetters.keep(delivery, reason);
        } catch (IOException e) {
            String why = reason + ", and what it refuses cannot be kept in " + deadLetters.folder(delivery.sink())
                    + ": " + describe(e);
            tryLater(delivery, new NotDeliveredException(why, null));
            return false;
        }
        outbox.delivered(delivery);
        long unlogged = status(delivery).refuse(clock.instant());
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
        if (status(delivery).fail(reason, asked, clock.instant())) {
            LOG.warn(
                    "Results of {} do not reach its sink {}: {}. They wait, and it is tried again until it works",
                    delivery.outbound(),
                    delivery.sink(),
                    reason);
        }
        LOG.debug("The failure's trace", failure);
    }

    /** Answers with the status of every sink that is configured. */
    public List<SinkStatus> statuses() {
        return outbox.backlogs().stream().map(this::status).toList();
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
