package dev.pearlroutes.delivery;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.ledger.Outbox;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.SinkBacklog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands each sink of each outbound its next events in order and takes note of what it has. A sink that fails is tried again
 * after 1 s, then ever later up to 30 s, and holds up no other; what it refuses for good is set aside.
 */
public final class EventDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);

    private final Outbox outbox;
    private final DeadLetterFiles undelivered;
    private final Clock clock;
    private final Map<String, SinkState> states = new ConcurrentHashMap<>();

    public EventDispatcher(Outbox outbox, DeadLetterFiles undelivered, Clock clock) {
        this.outbox = outbox;
        this.undelivered = undelivered;
        this.clock = clock;
    }

    /** @param most events at once. @return null when the sink has every event, or is not to be tried now */
    public Delivery next(String outbound, String sink, int most) {
        SinkState state = state(outbound, sink);
        synchronized (state) {
            if (!state.mayTry(clock.instant())) {
                return null;
            }
        }
        List<Event> events = outbox.next(outbound, sink, most);
        return events.isEmpty() ? null : new Delivery(outbound, sink, events, Map.of());
    }

    /** The sink has taken them all. */
    public void delivered(Delivery delivery) throws IOException {
        undelivered.remove(delivery);
        advance(delivery);
        SinkState state = state(delivery.outbound(), delivery.sink());
        synchronized (state) {
            if (state.reason() != null) {
                LOG.info(
                        "Results of {} reach its sink {} again, after {} s",
                        delivery.outbound(),
                        delivery.sink(),
                        Duration.between(state.failingSince(), clock.instant()).toSeconds());
            }
            state.recover();
        }
    }

    /**
     * The sink has not taken them. A failure of the ledger is none of the sink.
     *
     * @return whether the next events can be handed over at once
     */
    public boolean failed(Delivery delivery, Exception failure) {
        if (failure instanceof LedgerException ledgerFailure) {
            throw ledgerFailure;
        }
        if (failure instanceof DeliveryException known && known.kind() == DeliveryException.Kind.REFUSED) {
            return refused(delivery, known);
        }
        later(delivery, failure);
        return false;
    }

    private void later(Delivery delivery, Exception failure) {
        SinkState state = state(delivery.outbound(), delivery.sink());
        synchronized (state) {
            String reason = describe(failure);
            if (failure instanceof DeliveryException known && known.kind() == DeliveryException.Kind.STOPPED) {
                state.stop(reason, clock.instant());
                LOG.error(
                        "STOPPED for the sink {} of {}. {} Its events wait.",
                        delivery.sink(),
                        delivery.outbound(),
                        reason);
                return;
            }
            Duration asked = failure instanceof DeliveryException known ? known.retryAfter() : null;
            if (state.fail(reason, asked, clock.instant())) {
                LOG.warn(
                        "Results of {} do not reach its sink {}: {}. They wait, and it is tried again until it works",
                        delivery.outbound(),
                        delivery.sink(),
                        reason);
            }
        }
        LOG.debug("The failure's trace", failure);
    }

    /** @return false when it cannot be set aside: then it comes again, so that it is not lost */
    private boolean refused(Delivery delivery, DeliveryException refusal) {
        String reason = refusal.getMessage();
        try {
            undelivered.keep(delivery, reason);
        } catch (IOException e) {
            String why = reason + ", and what it refuses cannot be kept in " + undelivered.folder(delivery.sink())
                    + ": " + describe(e);
            later(delivery, DeliveryException.later(why, null));
            return false;
        }
        advance(delivery);
        SinkState state = state(delivery.outbound(), delivery.sink());
        synchronized (state) {
            long untold = state.refuse(clock.instant());
            if (untold > 0) {
                LOG.warn(
                        "The sink {} of {} has refused {} events, the last one because {}. They are in {}",
                        delivery.sink(),
                        delivery.outbound(),
                        untold,
                        reason,
                        undelivered.folder(delivery.sink()));
            }
        }
        return true;
    }

    private void advance(Delivery delivery) {
        outbox.delivered(delivery.outbound(), delivery.sink(), delivery.lastSeq(), delivery.files());
    }

    /** How it stands with every sink that is configured. */
    public List<SinkReport> reports() {
        return outbox.backlogs().stream().map(this::report).toList();
    }

    private SinkReport report(SinkBacklog backlog) {
        SinkState state = state(backlog.outbound(), backlog.sink());
        synchronized (state) {
            String reason =
                    state.reason() == null ? null : state.reason() + " (since " + second(state.failingSince()) + ")";
            return new SinkReport(
                    backlog.outbound(), backlog.sink(), backlog.waiting(), backlog.oldest(), reason, state.stopped());
        }
    }

    private static Instant second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    private SinkState state(String outbound, String sink) {
        return states.computeIfAbsent(outbound + "/" + sink, name -> new SinkState());
    }

    private static String describe(Exception e) {
        return e instanceof DeliveryException ? e.getMessage() : LogText.describe(e);
    }
}
