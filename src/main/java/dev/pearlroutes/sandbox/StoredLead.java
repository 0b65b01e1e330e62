package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** A lead and what belongs to it. Guarded by itself. */
final class StoredLead {
    /** Set by Update Lead, these end the calling: 130 by the documentation, the others as outcomes known elsewhere. */
    private static final Set<Integer> STOPPING = Set.of(100, 110, 130);

    final String id;
    final String outboundId;
    final Instant created;
    private final NavigableMap<Instant, String> numbers = new TreeMap<>();
    private final List<Call.Source> calls = new ArrayList<>(2);
    private String externalId;
    private String timeZoneId;
    private JsonNode callData;
    private int givenStatus = 1;
    private Instant givenAt;
    private Instant stopped = Instant.MAX;

    StoredLead(String id, String outboundId, JsonNode body, Instant now) {
        this.id = id;
        this.outboundId = outboundId;
        this.created = now;
        update(body, now);
        this.givenAt = null;
    }

    /** Takes over what the body has; a JSON null counts as not given. */
    synchronized void update(JsonNode body, Instant now) {
        if (body.hasNonNull("phoneNumber")) {
            numbers.put(now, body.get("phoneNumber").textValue());
        }
        externalId = body.hasNonNull("externalId") ? body.get("externalId").textValue() : externalId;
        timeZoneId = body.hasNonNull("timeZoneId") ? body.get("timeZoneId").textValue() : timeZoneId;
        callData = body.hasNonNull("callData") ? body.get("callData") : callData;
        if (body.hasNonNull("status")) {
            givenStatus = body.get("status").intValue();
            givenAt = now;
            if (STOPPING.contains(givenStatus) && now.isBefore(stopped)) {
                stopped = now;
            }
        }
    }

    synchronized void add(Call.Source call) {
        calls.add(call);
    }

    synchronized void remove(Call.Source call) {
        calls.remove(call);
    }

    /** The number at that time: a call keeps the number it was made to. */
    synchronized String phoneNumber(Instant when) {
        Map.Entry<Instant, String> entry = numbers.floorEntry(when);
        return (entry == null ? numbers.firstEntry() : entry).getValue();
    }

    synchronized String externalId() {
        return externalId;
    }

    /** No simulated call starts from here on. */
    synchronized Instant stopped() {
        return stopped;
    }

    synchronized List<Call> calls(Instant now) {
        return calls.stream()
                .map(source -> source.at(now))
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Call::start))
                .toList();
    }

    /** What was given by Update Lead, or the outcome of the last call, whichever is later; a stop stays. */
    synchronized int status(List<Call> calls) {
        if (calls.isEmpty() || !stopped.equals(Instant.MAX)) {
            return givenStatus;
        }
        Call last = calls.get(calls.size() - 1);
        JsonNode outcome = last.json().path("conversationStatus");
        boolean givenLater = givenAt != null && !givenAt.isBefore(last.changed());
        return givenLater || !outcome.isInt() ? givenStatus : outcome.intValue();
    }

    /** The fields that Search Leads and Get Lead share. */
    synchronized ObjectNode json(Instant now, boolean timeZoneAsNumber) {
        ObjectNode json = Answer.JSON
                .createObjectNode()
                .put("id", id)
                .put("externalId", externalId)
                .put("phoneNumber", phoneNumber(now));
        if (timeZoneAsNumber && timeZoneId != null) {
            json.put("timeZone", TimeZoneNames.hours(timeZoneId));
        } else {
            json.put("timeZone", timeZoneId);
        }
        json.put("status", status(calls(now))).put("created", Times.format(created));
        return json.set("callData", callData);
    }

    synchronized SandboxLead view(Instant now) {
        Map<String, Object> data =
                callData == null ? Map.of() : Answer.JSON.convertValue(callData, new TypeReference<>() {});
        return new SandboxLead(
                id, outboundId, phoneNumber(now), externalId, timeZoneId, data, status(calls(now)), created);
    }
}
