package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.WaitingCall;
import dev.pearlroutes.nlpearl.ApiPaths;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The waiting calls to one number of an outbound, and the requests that find whose they are and what was said: Get Lead of
 * each lead with that number, the newest first, until every call is found in one's {@code callsId}; then Get Call of those
 * that are no lead's newest call, of which Get Lead says nothing.
 */
public final class CallJoin {
    private final List<WaitingCall> calls;
    private final List<LeadRef> candidates;
    private final ApiPaths paths;
    private final boolean wantsDetails;
    private final Deque<LeadRef> unasked;
    private final Map<String, LeadRef> owners = new HashMap<>();
    private final Map<String, CallDetails> details = new HashMap<>();
    private final Map<LeadRef, JsonNode> leads = new HashMap<>();
    private LeadRef asked;
    private String askedCall;

    /** @param candidates the rows that hold the number, the newest first */
    CallJoin(List<WaitingCall> calls, List<LeadRef> candidates, ApiPaths paths, boolean wantsDetails) {
        this.calls = List.copyOf(calls);
        this.candidates = List.copyOf(candidates);
        this.paths = paths;
        this.wantsDetails = wantsDetails;
        this.unasked = new ArrayDeque<>(candidates);
        this.unasked.removeIf(row -> row.leadId() == null);
    }

    List<WaitingCall> calls() {
        return calls;
    }

    /** Tells whether a request is left to be made. */
    public boolean more() {
        asked = owners.size() < calls.size() ? unasked.peek() : null;
        askedCall = asked == null ? callWithoutDetails() : null;
        return asked != null || askedCall != null;
    }

    /** Answers with the path of the request that {@link #more} found. */
    public String path() {
        return asked == null ? paths.call(askedCall) : paths.lead(calls.get(0).outbound(), asked.leadId());
    }

    /** Reads the answer to that request. @param answer a missing node when the API knows no such lead or call */
    void onAnswer(JsonNode answer) {
        if (asked == null) {
            details.put(askedCall, CallDetails.ofCall(answer));
            return;
        }
        unasked.remove(asked);
        leads.put(asked, answer);
        String last = answer.path("lastCall").path("id").asText();
        for (WaitingCall call : calls) {
            if (call.callId().equals(last)) {
                owners.put(call.callId(), asked);
                details.put(call.callId(), CallDetails.ofLastCall(answer));
            }
        }
        for (JsonNode id : answer.path("callsId")) {
            if (calls.stream().anyMatch(call -> call.callId().equals(id.asText()))) {
                owners.put(id.asText(), asked);
            }
        }
    }

    /** Finds the row that the call belongs to by what is known so far. @param startedAt of the call; null when unknown */
    LeadMatch match(WaitingCall call, Instant startedAt) {
        LeadRef owner = owners.get(call.callId());
        return owner == null ? LeadMatch.byNumber(candidates, startedAt) : LeadMatch.exact(owner);
    }

    CallDetails details(WaitingCall call) {
        return details.getOrDefault(call.callId(), CallDetails.NONE);
    }

    /** Answers with what Get Lead said of the row; a missing node when it was not asked or there is no such lead. */
    JsonNode lead(LeadRef row) {
        return leads.getOrDefault(row, MissingNode.getInstance());
    }

    /** Tells whether the call may be that of a lead whose id is not known yet. */
    boolean lacksLead(WaitingCall call) {
        return !owners.containsKey(call.callId())
                && candidates.stream().anyMatch(candidate -> candidate.leadId() == null);
    }

    /** Tells whether leads with its number were read and none of them lists the call. */
    boolean unlisted(WaitingCall call) {
        return !owners.containsKey(call.callId()) && leads.values().stream().anyMatch(JsonNode::isObject);
    }

    /** Tells whether the row's lead lists its calls, and this one is not among them. */
    boolean disproves(LeadRef row, WaitingCall call) {
        return !owners.containsKey(call.callId()) && !lead(row).path("callsId").isEmpty();
    }

    private String callWithoutDetails() {
        return calls.stream()
                .map(WaitingCall::callId)
                .filter(id -> wantsDetails && !candidates.isEmpty() && !details.containsKey(id))
                .findFirst()
                .orElse(null);
    }
}
