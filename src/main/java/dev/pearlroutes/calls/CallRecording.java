package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.CallTable;
import dev.pearlroutes.ledger.tables.CallTable.Said;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.SeenCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The recording of calls of an outbound in one transaction, which gathers the events it makes. The same call comes by reading and by
 * webhooks, in any order and with more or less in it. What is read is believed; of what is pushed, the richer body wins and never the
 * later one, and what contradicts is left to the next reading.
 */
final class CallRecording {
    private final Transaction tx;
    private final Ledger ledger;
    private final CallEvents events;
    private final String outbound;
    private final Instant at;
    private final List<Event> published = new ArrayList<>();

    CallRecording(Transaction tx, Ledger ledger, CallEvents events, String outbound, Instant at) {
        this.tx = tx;
        this.ledger = ledger;
        this.events = events;
        this.outbound = outbound;
        this.at = at;
    }

    /** Answers with the events that were made so far, to be appended at the end. */
    List<Event> published() {
        return published;
    }

    /**
     * Records a call that was read.
     *
     * @param newSince a call that started earlier and is not recorded is ignored
     * @param readSince when the reading began: what a webhook has said since may be newer
     * @return whether it is new or has changed
     */
    boolean read(SeenCall call, Instant newSince, Instant readSince) {
        CallTable.Stored stored = tx.calls().find(outbound, call.callId()).orElse(null);
        if (stored == null) {
            boolean ignored = call.startedAt() != null && call.startedAt().isBefore(newSince);
            return !ignored && change(null, call, row(call), null, null);
        }
        Said said = stored.said();
        boolean unpublished = said.unproven() && stored.seen() == null;
        boolean nowFinal = call.isFinal() && !stored.isFinal();
        boolean same = Arrays.equals(stored.fingerprint(), call.fingerprint()) && !nowFinal;
        if (!unpublished && (same || pushedBefore(stored, call, readSince))) {
            if (said.unproven() || said.pushedAt() != null && !same) {
                tx.calls().confirm(outbound, call.callId(), same ? call.fingerprint() : adopted(stored, call));
            }
            if (!call.isFinal()) {
                tx.calls().stillOpen(outbound, call.callId(), OpenCalls.readAgain(call, at), at);
            }
            return false;
        }
        return change(stored, call, row(call), null, null);
    }

    /** Tells whether a webhook has told all of that before, or may have told something newer: that is left to the next reading. */
    private boolean pushedBefore(CallTable.Stored stored, SeenCall call, Instant readSince) {
        if (stored.said().pushedAt() == null || call.isFinal() && !stored.isFinal()) {
            return false;
        }
        CallFacts told = CallFacts.ofText(stored.said().facts());
        CallFacts read = CallFacts.of(row(call));
        return told.covers(read) || !stored.said().pushedAt().isBefore(readSince) && !read.covers(told);
    }

    /** Answers with the fingerprint by which the call is known from now on: that of the reading, if it is what is recorded. */
    private byte[] adopted(CallTable.Stored stored, SeenCall call) {
        return CallFacts.ofText(stored.said().facts()).covers(CallFacts.of(row(call)))
                ? call.fingerprint()
                : stored.fingerprint();
    }

    /**
     * Records a call that a webhook told of.
     *
     * @param parser reads a call
     * @param onlyKnown whether one that is not recorded is left to the search, which alone knows whether its filter fits
     * @return whether anything of it is new
     */
    boolean push(PushedCall pushed, Function<JsonNode, SeenCall> parser, boolean onlyKnown) {
        SeenCall call = pushed.call();
        CallTable.Stored stored = tx.calls().find(outbound, call.callId()).orElse(null);
        LeadRef lead = lead(pushed.leadId());
        if (stored == null) {
            // A webhook is a Pearl's, and may tell of calls of other outbounds: what may be one of these is left to the
            // search.
            boolean ours = lead != null || call.isFinal() && mayBelongToALead(call, pushed.leadId());
            return ours && !onlyKnown && change(null, call, pushed.row(), pushed, lead);
        }
        if (isRicher(stored, pushed)) {
            ObjectNode merged = merged(stored, pushed);
            return merged != null && change(stored, parser.apply(merged), merged, pushed, lead);
        }
        return stored.isFinal() && call.isFinal() && addDetails(stored, pushed, lead);
    }

    private boolean mayBelongToALead(SeenCall call, String leadId) {
        List<LeadRef> rows = candidates(call);
        return LeadMatch.byNumber(rows, call.startedAt()).certainty() > 0
                // An id that the ledger does not know may be that of a lead whose answer never came.
                && (leadId == null || rows.stream().anyMatch(row -> row.leadId() == null));
    }

    /** Tells whether a body says more of a call than is recorded, and nothing that was true earlier or contradicts. */
    private static boolean isRicher(CallTable.Stored stored, PushedCall pushed) {
        boolean nowFinal = pushed.call().isFinal() && !stored.isFinal();
        if (stored.said().facts() == null || nowFinal) {
            return nowFinal;
        }
        CallFacts known = CallFacts.ofText(stored.said().facts());
        CallFacts told = CallFacts.of(pushed.row());
        return pushed.call().isFinal() == stored.isFinal() && !known.covers(told) && known.agrees(told);
    }

    /** Adds to a body what is recorded. @return null where it lacks a number, which only a reading can tell */
    private ObjectNode merged(CallTable.Stored stored, PushedCall pushed) {
        ObjectNode merged = pushed.row().deepCopy();
        JsonNode waiting = stored.seen() == null ? MissingNode.getInstance() : events.read(stored.seen());
        for (String number : new String[] {"from", "to"}) {
            if (!merged.hasNonNull(number) && waiting.hasNonNull(number)) {
                merged.set(number, waiting.get(number));
            }
        }
        if (stored.said().facts() != null) {
            CallFacts known = CallFacts.ofText(stored.said().facts());
            if (known.hasNumbersBeyond(CallFacts.of(merged))) {
                return null;
            }
            known.fillIn(merged);
        }
        return merged;
    }

    /** Has the lead of a final call asked for more, when a webhook tells more of the conversation than its event has. */
    private boolean addDetails(CallTable.Stored stored, PushedCall pushed, LeadRef lead) {
        if (stored.said().facts() == null
                || !CallFacts.ofText(stored.said().facts()).agrees(CallFacts.of(pushed.row()))) {
            return false;
        }
        ObjectNode seen = stored.seen() != null
                ? (ObjectNode) events.read(stored.seen())
                : tellsMore(stored, pushed, lead) ? merged(stored, pushed) : null;
        if (seen == null) {
            return false;
        }
        ObjectNode besides = besides(seen, pushed);
        if (stored.seen() != null && besides.equals(besides(seen, null))) {
            return false;
        }
        seen.set(PushedCall.MEMBER, besides);
        tx.calls().askAgain(outbound, pushed.call().callId(), seen.toString(), at);
        return true;
    }

    /** Tells whether a webhook tells more of a call than its event, which was published. */
    private boolean tellsMore(CallTable.Stored stored, PushedCall pushed, LeadRef lead) {
        if (stored.row() == null && lead == null) {
            // Nobody's, or a person's who was erased.
            return false;
        }
        ToldAmount told = ToldAmount.ofText(stored.toldAmount());
        LeadMatch match = lead == null ? LeadMatch.none() : LeadMatch.exact(lead);
        return told == null
                ? stored.row() == null
                : events.amount(outbound, match, pushed.details()).hasMoreThan(told);
    }

    private boolean change(CallTable.Stored stored, SeenCall call, ObjectNode row, PushedCall pushed, LeadRef claimed) {
        int revision = stored == null ? 0 : stored.revision();
        JsonNode waiting = stored == null || stored.seen() == null ? null : events.read(stored.seen());
        ObjectNode besides = besides(waiting, pushed);
        LeadRef lead = claimed != null ? claimed : lead(PushedCall.leadId(besides));
        List<LeadRef> rows = candidates(call);
        boolean unproven = pushed != null
                && lead == null
                && (stored == null || stored.said().unproven());
        Said said = new Said(CallFacts.of(row).toString(), pushed == null ? null : at, unproven);
        Instant readAt = call.isFinal() ? null : OpenCalls.readAgain(call, at);
        if (call.isFinal() && (lead != null || !rows.isEmpty())) {
            tx.calls().store(outbound, with(call, row, besides), said, revision, at, readAt);
            return true;
        }
        tx.calls().store(outbound, call, said, revision + 1, null, readAt);
        LeadMatch match = lead != null ? LeadMatch.exact(lead) : LeadMatch.byNumber(rows, call.startedAt());
        OutcomeRecorder outcomes = new OutcomeRecorder(tx, at);
        if (match.row() != null || revision > 0) {
            outcomes.join(outbound, call.callId(), match.row());
        }
        if (match.row() != null) {
            outcomes.record(
                    match.row(),
                    new CallOutcome(
                            call.callId(), call.status(), false, 0, call.startedAt(), call.duration(), null, null));
        }
        published.add(events.make(outbound, call.json(), call.isFinal(), revision + 1, match, CallDetails.NONE));
        return true;
    }

    private List<LeadRef> candidates(SeenCall call) {
        return WaitingCalls.candidates(tx, outbound, WaitingCalls.hash(ledger, call.to()));
    }

    /** @param leadId null for none */
    private LeadRef lead(String leadId) {
        return leadId == null ? null : tx.leadKeys().withId(outbound, leadId).orElse(null);
    }

    private ObjectNode row(SeenCall call) {
        return (ObjectNode) events.read(call.json());
    }

    /** Collects what webhooks say of a call besides the part that Get Calls gives. @param waiting what the ledger has of it; null for nothing */
    private static ObjectNode besides(JsonNode waiting, PushedCall pushed) {
        JsonNode before = waiting == null ? MissingNode.getInstance() : waiting.path(PushedCall.MEMBER);
        CallDetails details = CallDetails.ofEvent(before);
        String leadId = PushedCall.leadId(before);
        ObjectNode besides = JsonNodeFactory.instance.objectNode();
        if (pushed != null) {
            details = details.with(pushed.details());
            leadId = leadId == null ? pushed.leadId() : leadId;
        }
        if (leadId != null) {
            besides.put(PushedCall.LEAD_ID, leadId);
        }
        details.addTo(besides);
        return besides;
    }

    private static SeenCall with(SeenCall call, ObjectNode row, ObjectNode besides) {
        if (besides.isEmpty()) {
            return call;
        }
        ObjectNode seen = row.deepCopy();
        seen.set(PushedCall.MEMBER, besides);
        return new SeenCall(
                call.callId(),
                call.to(),
                call.startedAt(),
                call.status(),
                call.duration(),
                call.isFinal(),
                call.fingerprint(),
                seen.toString());
    }
}
