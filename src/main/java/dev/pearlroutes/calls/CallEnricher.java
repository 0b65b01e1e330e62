package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.ledger.Calls;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.ledger.WaitingCalls;
import dev.pearlroutes.ledger.WaitingCalls.Waiting;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.Backoff;
import dev.pearlroutes.nlpearl.NotSentException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Content Enricher of final calls. An event waits while the API cannot be asked, at growing intervals, for about 20
 * minutes; then it goes out with what is known, and what is learned later, within a month, is its next revision.
 */
public final class CallEnricher {
    private static final Logger LOG = LoggerFactory.getLogger(CallEnricher.class);

    /** Calls taken in one turn. */
    private static final int MOST = 500;

    /** The event goes out after so many failures. */
    private static final int TRIES_BEFORE_TELLING = 8;

    /** The leads' lists of calls may lag behind the calls: they are read so often again. */
    private static final int TRIES_UNLISTED = 3;

    /** Statuses of a lead that a call of it which is over shows to be out of date. */
    private static final Set<Integer> BEHIND =
            Set.of(LeadStatus.NEW.code(), LeadStatus.IN_CALL_QUEUE.code(), LeadStatus.ON_CALL.code());

    /** How long after each other a lead is read again that is not done with after its newest call. */
    private static final List<Duration> LOOKS = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofHours(24));

    /** At growing intervals up to an hour they take a month. What waits has numbers in the clear, so not for ever. */
    private static final int TRIES = 30 * 24;

    private static final Backoff INTERVALS = new Backoff(Duration.ofSeconds(10), Duration.ofHours(1));

    private final WaitingCalls waiting;
    private final CallParser rows;
    private final CallEvents events;
    private final ApiPaths paths;
    private final Set<Integer> finalLeadStatuses;
    private final Clock clock;
    private final AtomicInteger bare = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();

    /** @param finalLeadStatuses codes after which the platform does nothing more for a lead */
    public CallEnricher(
            WaitingCalls waiting,
            CallParser rows,
            CallEvents events,
            ApiPaths paths,
            Set<Integer> finalLeadStatuses,
            Clock clock) {
        this.waiting = waiting;
        this.rows = rows;
        this.events = events;
        this.paths = paths;
        this.finalLeadStatuses = Set.copyOf(finalLeadStatuses);
        this.clock = clock;
    }

    /** The calls whose turn has come, those to one number together: they share their leads. */
    public List<CallJoin> due() {
        warn(bare, "The results of {} calls go out without their details: their leads cannot be read. They follow");
        warn(givenUp, "The details of {} calls are given up: their leads could not be read for a month");
        Map<List<String>, List<Waiting>> byNumber = new LinkedHashMap<>();
        for (Waiting call : waiting.due(events.outbounds(), clock.instant(), MOST)) {
            byNumber.computeIfAbsent(List.of(call.outbound(), seen(call).to()), any -> new ArrayList<>())
                    .add(call);
        }
        return byNumber.entrySet().stream()
                .map(number -> new CallJoin(
                        number.getValue(),
                        waiting.candidates(
                                number.getKey().get(0), number.getKey().get(1)),
                        paths,
                        events.wantsDetails(number.getKey().get(0))))
                .toList();
    }

    /** Takes in an answer of Get Lead or Get Call; one that refuses says that there is no such thing. */
    public void took(CallJoin join, JsonNode answer) {
        join.took(answer);
    }

    /** Tells of the calls, now that all is known of them that can be. */
    public void conclude(CallJoin join) {
        for (Waiting call : join.calls()) {
            if (join.lacksLead(call)) {
                later(join, call);
            } else if (join.unlisted(call) && call.tries() < TRIES_UNLISTED) {
                waiting.postpone(call, clock.instant().plus(INTERVALS.after(call.tries() + 1)));
            } else {
                tell(join, read(call), null);
            }
        }
    }

    /** A call whose lead could be read at last: how often it could not be before is no number of looks at it. */
    private static Waiting read(Waiting call) {
        boolean failed = call.told() == null || call.tries() > LOOKS.size();
        return failed
                ? new Waiting(call.outbound(), call.callId(), call.fingerprint(), 0, call.told(), call.seen())
                : call;
    }

    /** Says once what the last turn did to many calls. */
    private static void warn(AtomicInteger calls, String line) {
        int count = calls.getAndSet(0);
        if (count > 0) {
            LOG.warn(line, count);
        }
    }

    /** The API could not be asked. What was learned before is not lost: it is asked for again. */
    public void failed(CallJoin join, Exception e) {
        if (!(e instanceof NotSentException)) {
            LOG.debug("A join failed", e);
            try {
                join.calls().forEach(call -> later(join, call));
            } catch (LedgerException unkept) {
                // Nobody handles what fails here: Camel would log all of it.
                LOG.warn(
                        "A call could not be joined to its lead, which is tried again at once: {}",
                        unkept.getMessage());
            }
        }
    }

    private void later(CallJoin join, Waiting call) {
        int failures = call.tries() + 1;
        Instant again = failures < TRIES ? clock.instant().plus(INTERVALS.after(failures)) : null;
        if (failures >= TRIES_BEFORE_TELLING && call.told() == null) {
            bare.incrementAndGet();
            tell(join, call, again);
        } else {
            if (again == null) {
                givenUp.incrementAndGet();
            }
            waiting.postpone(call, again);
        }
    }

    private void tell(CallJoin join, Waiting call, Instant again) {
        Calls.Match match = join.match(call, seen(call).startedAt());
        CallDetails details = join.details(call);
        // By its number the call is told of as this lead's, but what came of the lead is not for a stranger's call to
        // say.
        LeadRef row = match.row() == null || join.disproves(match.row(), call) ? null : match.row();
        CallOutcome outcome = row == null ? null : outcome(call, join.lead(row), details);
        waiting.tell(
                call,
                row,
                outcome,
                events.content(call.outbound(), call.seen(), match, details),
                clock.instant(),
                again == null && outcome != null && !outcome.isFinal() ? nextLook(join, call, row) : again,
                revision -> events.make(call.outbound(), call.seen(), true, revision, match, details));
    }

    /** When a lead that the platform is not done with is read again; null for not before its next call. */
    private Instant nextLook(CallJoin join, Waiting call, LeadRef row) {
        JsonNode newest = join.lead(row).path("lastCall").path("id");
        boolean over = call.tries() >= LOOKS.size()
                || newest.isTextual() && !newest.asText().equals(call.callId());
        return over ? null : clock.instant().plus(LOOKS.get(call.tries()));
    }

    private CallOutcome outcome(Waiting call, JsonNode lead, CallDetails details) {
        Calls.Seen seen = seen(call);
        boolean known = lead.path("status").isInt();
        int ofLead = lead.path("status").intValue();
        Integer status =
                known && !(seen.status() != null && BEHIND.contains(ofLead)) ? Integer.valueOf(ofLead) : seen.status();
        boolean isFinal = status != null && finalLeadStatuses.contains(status);
        String outbound = call.outbound();
        return new CallOutcome(
                call.callId(),
                status,
                isFinal,
                lead.path("callsId").size(),
                seen.startedAt(),
                events.tells(outbound, "duration") ? seen.duration() : null,
                events.tells(outbound, "summary") ? details.summary() : null,
                events.tells(outbound, "collectedData") && details.collectedData() != null
                        ? details.collectedData().toString()
                        : null);
    }

    private Calls.Seen seen(Waiting call) {
        return rows.seen(events.read(call.seen()));
    }
}
