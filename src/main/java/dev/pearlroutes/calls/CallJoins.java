package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.ledger.CallOutcome;
import dev.pearlroutes.ledger.CalledRow;
import dev.pearlroutes.ledger.Calls;
import dev.pearlroutes.ledger.WaitingCalls;
import dev.pearlroutes.ledger.WaitingCalls.Waiting;
import dev.pearlroutes.nlpearl.LeadStatus;
import dev.pearlroutes.nlpearl.NotSentException;
import dev.pearlroutes.nlpearl.Paths;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Content Enricher of final calls. An event waits while the API cannot be asked, at growing intervals, for about 20
 * minutes; then it goes out with what is known, and what is learned later, within hours, is its next revision.
 */
public final class CallJoins {
    private static final Logger LOG = LoggerFactory.getLogger(CallJoins.class);

    /** Calls taken in one turn. */
    private static final int MOST = 500;

    /** The event goes out after so many failures. */
    private static final int TRIES_BEFORE_TELLING = 8;

    /** The leads' lists of calls may lag behind the calls: they are read so often again. */
    private static final int TRIES_UNLISTED = 3;

    private static final int TRIES = 30;
    private static final Duration FIRST_INTERVAL = Duration.ofSeconds(10);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(10);

    private final WaitingCalls waiting;
    private final CallRows rows;
    private final CallEvents events;
    private final Paths paths;
    private final Clock clock;

    public CallJoins(WaitingCalls waiting, CallRows rows, CallEvents events, Paths paths, Clock clock) {
        this.waiting = waiting;
        this.rows = rows;
        this.events = events;
        this.paths = paths;
        this.clock = clock;
    }

    /** The calls whose turn has come, those to one number together: they share their leads. */
    public List<Join> due() {
        Map<List<String>, List<Waiting>> byNumber = new LinkedHashMap<>();
        for (Waiting call : waiting.due(events.outbounds(), clock.instant(), MOST)) {
            byNumber.computeIfAbsent(List.of(call.outbound(), seen(call).to()), any -> new ArrayList<>())
                    .add(call);
        }
        return byNumber.entrySet().stream()
                .map(number -> new Join(
                        number.getValue(),
                        waiting.candidates(
                                number.getKey().get(0), number.getKey().get(1)),
                        paths,
                        events.wantsDetails(number.getKey().get(0))))
                .toList();
    }

    /** Takes in an answer of Get Lead or Get Call; one that refuses says that there is no such thing. */
    public void took(Join join, JsonNode answer) {
        join.took(answer);
    }

    /** Tells of the calls, now that all is known of them that can be. */
    public void conclude(Join join) {
        for (Waiting call : join.calls()) {
            if (join.lacksLead(call)) {
                later(join, call);
            } else if (join.unlisted(call) && call.tries() < TRIES_UNLISTED) {
                waiting.postpone(call, clock.instant().plus(interval(call.tries() + 1)));
            } else {
                tell(join, call, null);
            }
        }
    }

    /** The API could not be asked. What was learned before is not lost: it is asked for again. */
    public void failed(Join join, Exception e) {
        if (!(e instanceof NotSentException)) {
            LOG.debug("A join failed", e);
            join.calls().forEach(call -> later(join, call));
        }
    }

    private void later(Join join, Waiting call) {
        int failures = call.tries() + 1;
        Instant again = failures < TRIES ? clock.instant().plus(interval(failures)) : null;
        if (failures == TRIES_BEFORE_TELLING) {
            LOG.warn("The result of call {} goes out without its details: its lead cannot be read", call.callId());
            tell(join, call, again);
        } else {
            waiting.postpone(call, again);
        }
    }

    private static Duration interval(int failures) {
        Duration doubled = FIRST_INTERVAL.multipliedBy(1L << Math.min(failures - 1, 10));
        return doubled.compareTo(LONGEST_INTERVAL) < 0 ? doubled : LONGEST_INTERVAL;
    }

    private void tell(Join join, Waiting call, Instant again) {
        Calls.Match match = join.match(call, seen(call).startedAt());
        Details details = join.details(call);
        // By its number the call is told of as this lead's, but what came of the lead is not for a stranger's call to say.
        CalledRow row = match.row() == null || join.disproves(match.row(), call) ? null : match.row();
        waiting.tell(
                call,
                row,
                row == null ? null : outcome(call, join.lead(row), details),
                clock.instant(),
                again,
                revision -> events.make(call.outbound(), call.seen(), true, revision, match, details));
    }

    private CallOutcome outcome(Waiting call, JsonNode lead, Details details) {
        Calls.Seen seen = seen(call);
        Integer status = lead.path("status").isInt()
                ? Integer.valueOf(lead.path("status").intValue())
                : seen.status();
        boolean isFinal = status != null
                && LeadStatus.ofCode(status).map(LeadStatus::finalForLead).orElse(false);
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
