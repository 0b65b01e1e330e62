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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The waiting calls to one number of an outbound, and the requests that find whose they are and what was said: Get Lead of
 * each lead with that number, the newest first, until every call is found in one's {@code callsId}; then Get Call of those
 * that are no lead's newest call, of which Get Lead says nothing.
 */
public final class CallJoin {
    private final List<WaitingCall> calls;
    private final List<LeadRef> candidates;
    /** The rows that webhooks have named, by call. */
    private final Map<String, LeadRef> named;

    private final ApiPaths paths;
    private final boolean wantsDetails;
    private final Deque<LeadRef> unasked;
    private final Map<String, LeadRef> owners = new HashMap<>();
    private final Map<String, CallDetails> details = new HashMap<>();
    private final Map<LeadRef, JsonNode> leads = new HashMap<>();
    private LeadRef asked;
    private String askedCall;

    /**
     * @param candidates the rows that hold the number, the newest first
     * @param named the row of each call whose lead a webhook has named, which is asked before the others
     */
    CallJoin(
            List<WaitingCall> calls,
            List<LeadRef> candidates,
            Map<String, LeadRef> named,
            ApiPaths paths,
            boolean wantsDetails) {
        this.calls = List.copyOf(calls);
        this.candidates = List.copyOf(candidates);
        this.named = Map.copyOf(named);
        this.paths = paths;
        this.wantsDetails = wantsDetails;
        Set<LeadRef> all = new LinkedHashSet<>(named.values());
        all.addAll(candidates);
        this.unasked = new ArrayDeque<>(all);
        this.unasked.removeIf(row -> row.leadId() == null);
    }

    List<WaitingCall> calls() {
        return calls;
    }

    /** Tells whether a request is left to be made. */
    public boolean more() {
        asked = calls.stream().anyMatch(this::isSearched) ? unasked.peek() : null;
        askedCall = asked == null ? callWithoutDetails() : null;
        return asked != null || askedCall != null;
    }

    /** Tells whether another lead may say more of the call: it is no lead's yet, and not one's that was asked already. */
    private boolean isSearched(WaitingCall call) {
        LeadRef lead = named.get(call.callId());
        return !owners.containsKey(call.callId()) && (lead == null || unasked.contains(lead));
    }

    /** Finds the row of a call for sure: by its lead's list, or by what a webhook has said; null for none. */
    private LeadRef owner(WaitingCall call) {
        return owners.getOrDefault(call.callId(), named.get(call.callId()));
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
        LeadRef owner = owner(call);
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
        return owner(call) == null && candidates.stream().anyMatch(candidate -> candidate.leadId() == null);
    }

    /** Tells whether leads with its number were read and none of them lists the call. */
    boolean unlisted(WaitingCall call) {
        return owner(call) == null && leads.values().stream().anyMatch(JsonNode::isObject);
    }

    /** Tells whether the row's lead lists its calls, and this one is not among them. */
    boolean disproves(LeadRef row, WaitingCall call) {
        return owner(call) == null && !lead(row).path("callsId").isEmpty();
    }

    private String callWithoutDetails() {
        return calls.stream()
                .map(WaitingCall::callId)
                .filter(id ->
                        wantsDetails && !details.containsKey(id) && (!candidates.isEmpty() || named.containsKey(id)))
                .findFirst()
                .orElse(null);
    }
}
