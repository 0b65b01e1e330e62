package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The memory of the sandbox, without one lock around it. */
final class Store {
    private final InstantSource clock;
    private final CallSimulation simulation;
    private final Map<String, String> names;
    private final Map<String, Outbound> outbounds = new ConcurrentHashMap<>();
    private final Map<String, StoredLead> leads = new ConcurrentHashMap<>();
    private final Map<String, Call.Source> calls = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final long instance = new SplittableRandom().nextLong(1L << 40);

    private Webhooks webhooks;

    private record Outbound(Queue<StoredLead> leads, Queue<Call.Source> calls, Map<String, Integer> rings) {}

    /** @param simulation null for none */
    Store(SandboxOptions options, CallSimulation simulation) {
        this.clock = options.clock;
        this.simulation = simulation;
        this.names = new ConcurrentHashMap<>(options.outbounds);
    }

    /** To be called before the first request. */
    void watchedBy(Webhooks watching) {
        webhooks = watching;
    }

    Instant now() {
        return clock.instant();
    }

    /** Name by id, in the order of ids. */
    Map<String, String> outbounds() {
        return new TreeMap<>(names);
    }

    boolean hasOutbound(String id) {
        return names.containsKey(id);
    }

    void addOutbound(String id, String name) {
        names.put(id, name);
    }

    void removeOutbound(String id) {
        names.remove(id);
    }

    private Outbound outbound(String id) {
        return outbounds.computeIfAbsent(
                id,
                any -> new Outbound(
                        new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>(), new ConcurrentHashMap<>()));
    }

    /** Like the vendor's: 24 hex digits. Unique across restarts, for the ledger of a demo outlives its sandbox. */
    String newId() {
        return String.format("%08x%010x%06x", now().getEpochSecond(), instance, ids.incrementAndGet() & 0xffffff);
    }

    StoredLead addLead(String outboundId, JsonNode body) {
        return addLead(outboundId, newId(), body);
    }

    StoredLead addLead(String outboundId, String id, JsonNode body) {
        StoredLead lead = new StoredLead(id, outboundId, body, now());
        Outbound outbound = outbound(outboundId);
        if (lead.externalId() != null) {
            outbound.rings.merge(lead.externalId(), 1, Integer::sum);
        }
        if (simulation != null) {
            simulation.plan(lead, this::newId).forEach(call -> addCall(outboundId, call.id(), call));
        }
        leads.put(lead.id, lead);
        outbound.leads.add(lead);
        webhooks.onLead(lead);
        return lead;
    }

    void addCall(String outboundId, String callId, Call.Source call) {
        if (call.lead() != null) {
            call.lead().add(call);
        }
        calls.put(callId, call);
        outbound(outboundId).calls.add(call);
        webhooks.onCall(outboundId, call);
    }

    void removeCall(String outboundId, String callId) {
        Call.Source call = calls.remove(callId);
        outbound(outboundId).calls.remove(call);
        if (call != null && call.lead() != null) {
            call.lead().remove(call);
        }
    }

    /** Null when unknown. */
    StoredLead lead(String id) {
        return leads.get(id);
    }

    /** Null when unknown. */
    Call.Source call(String id) {
        return calls.get(id);
    }

    /** In the order of adding. */
    Collection<StoredLead> leads(String outboundId) {
        return outbound(outboundId).leads;
    }

    List<Call> calls(String outboundId, Instant from, Instant to) {
        Instant now = now();
        return outbound(outboundId).calls.stream()
                .map(source -> source.at(now))
                .filter(call -> call != null
                        && !call.start().isBefore(from)
                        && !call.start().isAfter(to))
                .toList();
    }

    /** Leads made by external id, over all outbounds. */
    Map<String, Integer> rings() {
        Map<String, Integer> all = new TreeMap<>();
        outbounds.values().forEach(outbound -> outbound.rings.forEach((key, n) -> all.merge(key, n, Integer::sum)));
        return all;
    }

    void clear() {
        outbounds.clear();
        leads.clear();
        calls.clear();
    }
}
