package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.model.SeenCall;
import dev.pearlroutes.model.WaitingCall;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.Backoff;
import dev.pearlroutes.nlpearl.NotSentException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Content Enricher of final calls. An event waits while the API cannot be asked, at growing intervals, for about 20
 * minutes; then it is published with what is known, and what is learned later, within a month, is its next revision.
 */
public final class CallEnricher {
    private static final Logger LOG = LoggerFactory.getLogger(CallEnricher.class);

    /** Most calls of one turn. */
    private static final int MOST = 500;

    /** Failures after which the event is published without the details. */
    private static final int TRIES_BEFORE_PUBLISHING = 8;

    /** Times that leads are read again which do not list the call: their lists may lag behind. */
    private static final int TRIES_UNLISTED = 3;

    /** Statuses of a lead that are out of date when a call to it is over. */
    private static final Set<Integer> BEHIND =
            Set.of(LeadStatus.NEW.code(), LeadStatus.IN_CALL_QUEUE.code(), LeadStatus.ON_CALL.code());

    /** Waits before each time that a lead is read again whose newest call did not complete it. */
    private static final List<Duration> LOOKS = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofHours(24));

    /** Tries in all: at growing intervals up to an hour, a month. What waits has numbers in the clear, so not for ever. */
    private static final int TRIES = 30 * 24;

    private static final Backoff INTERVALS = new Backoff(Duration.ofSeconds(10), Duration.ofHours(1));

    private final WaitingCalls waiting;
    private final CallParser parser;
    private final CallEvents events;
    private final ApiPaths paths;
    private final Set<Integer> finalLeadStatuses;
    private final Clock clock;
    private final AtomicInteger withoutDetails = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();

    /** @param finalLeadStatuses codes after which the platform does not call a lead any more */
    public CallEnricher(
            WaitingCalls waiting,
            CallParser parser,
            CallEvents events,
            ApiPaths paths,
            Set<Integer> finalLeadStatuses,
            Clock clock) {
        this.waiting = waiting;
        this.parser = parser;
        this.events = events;
        this.paths = paths;
        this.finalLeadStatuses = Set.copyOf(finalLeadStatuses);
        this.clock = clock;
    }

    /** Lists the calls that are due, those to one number together: they share their leads. */
    public List<CallJoin> due() {
        warn(
                withoutDetails,
                "The results of {} are published without details: the leads cannot be read. The details follow");
        warn(givenUp, "The details of {} are given up: the leads could not be read for a month");
        Map<Called, List<WaitingCall>> byNumber = new LinkedHashMap<>();
        for (WaitingCall call : waiting.due(events.outbounds(), clock.instant(), MOST)) {
            byNumber.computeIfAbsent(new Called(call.outbound(), seen(call).to()), any -> new ArrayList<>())
                    .add(call);
        }
        return byNumber.entrySet().stream()
                .map(calls -> join(calls.getKey(), calls.getValue()))
                .toList();
    }

    /** A number that was called. @param number in E.164; null when unknown */
    private record Called(String outbound, String number) {}

    private CallJoin join(Called called, List<WaitingCall> calls) {
        Map<String, LeadRef> named = new HashMap<>();
        for (WaitingCall call : calls) {
            String leadId = PushedCall.leadId(pushed(call));
            if (leadId != null) {
                waiting.lead(called.outbound(), leadId).ifPresent(lead -> named.put(call.callId(), lead));
            }
        }
        return new CallJoin(
                calls,
                waiting.candidates(called.outbound(), called.number()),
                named,
                paths,
                events.wantsDetails(called.outbound()));
    }

    /** Answers with what webhooks have said of a call besides; a missing node for nothing. */
    private JsonNode pushed(WaitingCall call) {
        return events.read(call.seen()).path(PushedCall.MEMBER);
    }

    /** Reads an answer of Get Lead or Get Call. @param answer a missing node when the API knows no such lead or call */
    public void onAnswer(CallJoin join, JsonNode answer) {
        join.onAnswer(answer);
    }

    /** Publishes the calls, now that everything is known of them that can be. */
    public void conclude(CallJoin join) {
        for (WaitingCall call : join.calls()) {
            if (join.lacksLead(call)) {
                later(join, call);
            } else if (join.unlisted(call) && call.tries() < TRIES_UNLISTED) {
                waiting.postpone(call, clock.instant().plus(INTERVALS.after(call.tries() + 1)));
            } else if (call.unproven()
                    && !join.match(call, seen(call).startedAt()).isExact()) {
                waiting.drop(call);
            } else {
                publish(join, read(call), null);
            }
        }
    }

    /** Restarts the count of tries of a call whose lead could be read at last: those before were failures. */
    private static WaitingCall read(WaitingCall call) {
        boolean failed = call.published() == null || call.tries() > LOOKS.size();
        return failed
                ? new WaitingCall(
                        call.outbound(),
                        call.callId(),
                        call.fingerprint(),
                        0,
                        call.published(),
                        call.seen(),
                        call.unproven())
                : call;
    }

    /** Logs once for all calls of the last turn. */
    private static void warn(AtomicInteger calls, String line) {
        int count = calls.getAndSet(0);
        if (count > 0) {
            LOG.warn(line, LogText.count(count, "call"));
        }
    }

    /** Notes that the API could not be asked: all of it is asked again later. */
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

    private void later(CallJoin join, WaitingCall call) {
        int failures = call.tries() + 1;
        Instant again = failures < TRIES ? clock.instant().plus(INTERVALS.after(failures)) : null;
        if (failures >= TRIES_BEFORE_PUBLISHING && call.published() == null && !call.unproven()) {
            withoutDetails.incrementAndGet();
            publish(join, call, again);
        } else {
            if (again == null) {
                givenUp.incrementAndGet();
            }
            waiting.postpone(call, again);
        }
    }

    private void publish(CallJoin join, WaitingCall call, Instant again) {
        LeadMatch match = join.match(call, seen(call).startedAt());
        CallDetails details = join.details(call).with(CallDetails.ofEvent(pushed(call)));
        // By its number the call is published as this lead's, but the lead's outcome is not taken from a call that it
        // does not list.
        LeadRef row = match.row() == null || join.disproves(match.row(), call) ? null : match.row();
        CallOutcome outcome = row == null ? null : outcome(call, join.lead(row), details);
        waiting.publish(
                call,
                new WaitingCalls.Result(match, details, row, outcome),
                clock.instant(),
                again == null && outcome != null && !outcome.isFinal() ? nextLook(join, call, row) : again);
    }

    /** Answers when a lead is read again that is not final; null for not before its next call. */
    private Instant nextLook(CallJoin join, WaitingCall call, LeadRef row) {
        JsonNode newest = join.lead(row).path("lastCall").path("id");
        boolean over = call.tries() >= LOOKS.size()
                || newest.isTextual() && !newest.asText().equals(call.callId());
        return over ? null : clock.instant().plus(LOOKS.get(call.tries()));
    }

    private CallOutcome outcome(WaitingCall call, JsonNode lead, CallDetails details) {
        SeenCall seen = seen(call);
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
                events.has(outbound, "duration") ? seen.duration() : null,
                events.has(outbound, "summary") ? details.summary() : null,
                events.has(outbound, "collectedData") && details.collectedData() != null
                        ? details.collectedData().toString()
                        : null);
    }

    private SeenCall seen(WaitingCall call) {
        return parser.parse(events.read(call.seen()));
    }
}
