package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A running sandbox of the v1 API: {@code new SandboxOptions().outbound("ob-1", "Demo").start()}. Answers as the
 * documentation says, unless a fault was asked for.
 */
public final class Sandbox implements AutoCloseable {
    private final Observations observations = new Observations();
    private final Faults faults;
    private final Store store;
    private final Webhooks webhooks;
    private final Api api;
    private final SandboxServer server;

    Sandbox(SandboxOptions options) {
        faults = new Faults(options.clock);
        store = new Store(options, options.speed > 0 ? new CallSimulation(options.speed) : null);
        webhooks = new Webhooks(options.webhooks, store);
        store.watchedBy(webhooks);
        api = new Api(options, store);
        server = new SandboxServer(options, api, store, faults, observations);
    }

    /** Without a path or slash at its end, to be used as the base address. */
    public URI url() {
        return server.url();
    }

    public Faults faults() {
        return faults;
    }

    /** Expects another token from now on, as when a key is revoked or replaced. */
    public void token(String token) {
        server.token(token);
    }

    public void addOutbound(String id, String name) {
        store.addOutbound(id, name);
    }

    /** Requests for it are refused from now on; its leads are kept. */
    public void removeOutbound(String id) {
        store.removeOutbound(id);
    }

    /**
     * Gives the account a status and a balance. What the account means for calls is not acted out: leads are taken all the same.
     *
     * @param status 1 full (the default), 2 limited, 3 no credits, 4 suspended, 5 debt; null as for most fields of the API
     * @param balance 1000 by default; may be null too
     */
    public void account(Integer status, BigDecimal balance) {
        api.account(status, balance);
    }

    /** Puts a lead in that had this id before the sandbox was started. @param body as of Add Lead */
    public void addLead(String outboundId, String id, JsonNode body) {
        store.addLead(outboundId, id, body);
    }

    /**
     * Puts a call in, started now and completed with success after 60 s unless {@code change} says otherwise; fields are
     * those of Get Call, and any but the id may be removed or null (a start time then counts as now, for the window of Get Calls).
     *
     * @param leadId null for a call that no lead's callsId names
     * @return the call's id
     */
    public String addCall(String outboundId, String leadId, Consumer<ObjectNode> change) {
        StoredLead lead = leadId == null ? null : store.lead(leadId);
        if (leadId != null && lead == null) {
            throw new IllegalArgumentException("no such lead: " + leadId);
        }
        ObjectNode json = Answer.JSON
                .createObjectNode()
                .put("id", store.newId())
                .put("startTime", Times.format(store.now()))
                .put("conversationStatus", 100)
                .put("status", 4)
                .put("from", "+12025550100")
                .put("to", lead == null ? null : lead.phoneNumber(store.now()))
                .put("duration", 60);
        json.putArray("tags");
        json.putNull("summary").putNull("recording");
        json.putArray("transcript");
        json.putArray("collectedInfo");
        change.accept(json);
        String id = json.get("id").asText();
        store.addCall(outboundId, id, new PlacedCall(lead, json, store.now()));
        return id;
    }

    /** Changes a call that {@link #addCall} put in. */
    public void changeCall(String callId, Consumer<ObjectNode> change) {
        if (!(store.call(callId) instanceof PlacedCall call)) {
            throw new IllegalArgumentException("no such call: " + callId);
        }
        call.change(change, store.now());
    }

    /** Takes a call away, as if it had never been. */
    public void removeCall(String outboundId, String callId) {
        store.removeCall(outboundId, callId);
    }

    /** In the order of adding, as they are now. */
    public List<SandboxLead> leads(String outboundId) {
        return store.leads(outboundId).stream()
                .map(lead -> lead.view(store.now()))
                .toList();
    }

    /** How many leads Add Lead made of each external id, over all outbounds: more than 1 rings a person twice. */
    public Map<String, Integer> ringsByExternalId() {
        return store.rings();
    }

    /** Requests seen, refused and faulty ones included. */
    public long requests(Operation operation) {
        return observations.count(operation);
    }

    /** The last 10 000 requests seen, of which those of this operation, oldest first. */
    public List<SandboxRequest> received(Operation operation) {
        return observations.last(operation);
    }

    /**
     * Most requests being answered at one time. Without latency the sandbox works on 16 at once, so a larger concurrency
     * only shows with latency or faults that hang.
     */
    public int maxConcurrentRequests() {
        return observations.mostConcurrent();
    }

    /** Forgets leads, calls, rules of faults and observations; keeps the outbounds and the token. */
    public void reset() {
        store.clear();
        webhooks.clear();
        faults.clear();
        observations.reset();
    }

    /** Cuts all connections; requests that hang get no answer. */
    @Override
    public void close() {
        webhooks.close();
        server.close();
    }
}
