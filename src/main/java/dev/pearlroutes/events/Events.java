package dev.pearlroutes.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Origin;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.Trouble;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * The maker of the CloudEvents 1.0 of leads, files and calls, and of the program. An event's id follows from what it reports, so that it is the same each time
 * the event is made or delivered. Absent members mean unknown.
 */
public final class Events {
    /** The stream of what happens to leads and files. */
    public static final String LEADS = "leads";

    /** The stream of what happens to calls. */
    static final String CALLS = "calls";

    /** The stream of what happens to the program. */
    static final String OPS = "ops";

    private static final String TYPE = "ai.nlpearl.";

    private final JsonFormat format = new JsonFormat();
    private final ObjectMapper json = new ObjectMapper();
    private final Clock clock;

    public Events(Clock clock) {
        this.clock = clock;
    }

    /** Answers with the type of an event, without what stands before it in all of them: {@code lead.accepted}. */
    public static String type(Event event) {
        String before = "\"type\":\"" + TYPE;
        // The attributes stand before the data, and none of them before the type can have quotes.
        int begin = event.json().indexOf(before) + before.length();
        return event.json().substring(begin, event.json().indexOf('"', begin));
    }

    /** Reports a row's outcome. */
    public Event ofLead(Source source, Outcome outcome) {
        boolean update = source.operation() != Source.Operation.ADD && outcome.state() != RowState.UPDATED;
        return ofLead(
                source, outcome, (update ? "update-" : "") + outcome.state().word());
    }

    /** Reports an accepted lead to which no call is known. @param lead with that as its reason */
    public Event ofSilentLead(Source source, Outcome lead) {
        return ofLead(source, lead, "silent");
    }

    /** Reports an accepted lead that an update has stopped. @param lead with the reason and the time */
    public Event ofStoppedLead(Source source, Outcome lead) {
        // A lead that an update lets be called again may be stopped again.
        return ofLead(source, lead, "stopped", "/" + lead.at().toEpochMilli());
    }

    private Event ofLead(Source source, Outcome outcome, String word) {
        return ofLead(source, outcome, word, "");
    }

    private Event ofLead(Source source, Outcome outcome, String word, String version) {
        ObjectNode data = json.createObjectNode();
        data.put("outbound", source.outbound());
        putIfKnown(data, "leadId", outcome.leadId());
        putIfKnown(data, "externalId", outcome.externalId());
        putIfKnown(data, "phoneNumber", outcome.phoneNumber());
        data.set("source", origin(source.origin(outcome.line())));
        putIfKnown(data, "reason", outcome.reason());
        // Every ledger numbers its sources from 1, so the time at which the source began tells two ledgers apart.
        String identity = source.id() + "/" + source.startedAt() + "/" + outcome.row() + version;
        return event(source.outbound(), LEADS, "lead." + word, identity, outcome.externalId(), clock.instant(), data);
    }

    /** Reports a file whose every row has an outcome. @param receipt as in the receipt file */
    public Event ofCompletedFile(Source source, ObjectNode receipt) {
        return ofFile(source, version(source), source.finishedAt(), receipt);
    }

    /** Reports a completed file once more, when its last unknown row is settled. */
    public Event ofSettledFile(Source source, ObjectNode receipt) {
        return ofFile(source, "/settled" + version(source), clock.instant(), receipt);
    }

    /** A file is completed once more when rows were added to it. */
    private static String version(Source source) {
        return source.grown() ? "/" + source.rows() : "";
    }

    private Event ofFile(Source source, String version, Instant time, ObjectNode receipt) {
        String identity = source.id() + "/" + source.startedAt() + version;
        return event(source.outbound(), LEADS, "file.completed", identity, source.name(), time, receipt);
    }

    /** Reports a file of which nothing was sent. */
    public Event ofFailedFile(Source source, String reason) {
        ObjectNode data = json.createObjectNode();
        data.put("outbound", source.outbound());
        data.put("file", source.name());
        data.put("reason", reason);
        String identity = source.id() + "/" + source.startedAt();
        return event(source.outbound(), LEADS, "file.failed", identity, source.name(), clock.instant(), data);
    }

    /**
     * Reports a call that is new or has changed.
     *
     * @param revision number of this report of the call, from 1
     */
    public Event ofCall(String outbound, String callId, int revision, boolean isFinal, ObjectNode data) {
        return event(
                outbound,
                CALLS,
                isFinal ? "call.final" : "call.updated",
                callId + "/" + revision,
                callId,
                clock.instant(),
                data);
    }

    /** Reports that a trouble of the program has begun, or ended. @param until null while it is there */
    public Event ofTrouble(Trouble trouble, Instant since, Instant until) {
        ObjectNode data = trouble(trouble).put("since", since.toString());
        putIfKnown(data, "until", until == null ? null : until.toString());
        return ops(trouble, until == null ? "began" : "ended", since, until == null ? since : until, data);
    }

    /** Reports what has happened to the program once. */
    public Event ofHappening(Trouble happening, Instant at) {
        return ops(happening, "happened", at, at, trouble(happening));
    }

    private Event ops(Trouble trouble, String word, Instant since, Instant at, ObjectNode data) {
        return event(
                Event.of(Event.OPS_OUTBOX, OPS, null),
                trouble.outbound() == null ? "/ops" : source(trouble.outbound()),
                "ops." + word,
                trouble.key() + "/" + since,
                trouble.subject(),
                at,
                data);
    }

    private ObjectNode trouble(Trouble trouble) {
        ObjectNode data = json.createObjectNode().put("kind", trouble.kind());
        putIfKnown(data, "outbound", trouble.outbound());
        putIfKnown(data, "subject", trouble.subject());
        return data.put("text", trouble.text());
    }

    /** Makes the member {@code source}: the place a lead came from, for the people who sent it. */
    public ObjectNode origin(Origin origin) {
        ObjectNode node = json.createObjectNode();
        putIfKnown(node, "file", origin.file());
        putIfKnown(node, "queue", origin.queue());
        putIfKnown(node, "messageId", origin.messageId());
        putIfKnown(node, "request", origin.request() == null ? null : Long.toString(origin.request()));
        return node.put("line", origin.line());
    }

    private Event event(
            String outbound, String stream, String type, String identity, String subject, Instant time, JsonNode data) {
        return event(Event.of(outbound, stream, null), source(outbound), type, identity, subject, time, data);
    }

    private static String source(String outbound) {
        return "/outbound/" + outbound;
    }

    /** @param place outbox and stream of the event */
    private Event event(
            Event place, String source, String type, String identity, String subject, Instant time, JsonNode data) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(UUID.nameUUIDFromBytes(
                                (source + "\n" + type + "\n" + identity).getBytes(StandardCharsets.UTF_8))
                        .toString())
                .withSource(URI.create(source))
                .withType(TYPE + type)
                .withSubject(subject)
                .withTime(time.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
                .withDataContentType("application/json")
                .withData(JsonCloudEventData.wrap(data))
                .build();
        return Event.of(place.outbound(), place.stream(), new String(format.serialize(event), StandardCharsets.UTF_8));
    }

    private static void putIfKnown(ObjectNode data, String name, String value) {
        if (value != null) {
            data.put(name, value);
        }
    }
}
