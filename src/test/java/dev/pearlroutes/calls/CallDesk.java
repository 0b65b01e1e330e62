package dev.pearlroutes.calls;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerChanges;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.WebhookBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** The room over a real ledger: webhooks, readings and joins by hand, and what the API would answer to the joins. */
final class CallDesk implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ROW =
            List.of("id", "startTime", "conversationStatus", "status", "from", "to", "duration", "tags");
    private static final int TURNS = 12;

    static final String ALL_FIELDS = "from, to, duration, tags, summary, transcript, recording, collectedData";

    private final Clock clock;
    private final Settings settings;
    private final Ledger ledger;
    private final CallParser parser;
    private final CallRecorder recorder;
    private final CallWebhooks webhooks;
    private final CallEnricher enricher;
    private final Map<String, JsonNode> answers = new ConcurrentHashMap<>();

    CallDesk(Path folder) {
        this(folder, ALL_FIELDS);
    }

    CallDesk(Path folder, String resultFields) {
        this(folder, resultFields, Clock.fixed(AT.plusSeconds(600), ZoneOffset.UTC));
    }

    CallDesk(Path folder, String resultFields, Clock clock) {
        this.clock = clock;
        settings = settings(folder, resultFields);
        ledger = LedgerFixture.open(folder);
        parser = new CallParser(settings.finalStatuses(), clock);
        CallEvents events = new CallEvents(settings.outbounds(), new Events(clock));
        recorder = new CallRecorder(ledger, events);
        webhooks = new CallWebhooks(settings.outbounds(), recorder, parser, clock);
        enricher = new CallEnricher(
                new WaitingCalls(ledger, events),
                parser,
                events,
                new ApiPaths(Map.of("acme", "ob-1")),
                settings.finalStatuses().leads(),
                clock);
    }

    private static Settings settings(Path folder, String resultFields) {
        try {
            Files.createDirectories(folder);
            Path file = Files.writeString(
                    folder.resolve("application.properties"),
                    "outbound.acme.id=ob-1\noutbound.acme.result-fields=" + resultFields);
            return Configuration.load(file, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Ledger ledger() {
        return ledger;
    }

    /** @param retention of the ledger; null for ever */
    CallSearch search(Duration retention) {
        return new CallSearch(
                new Lookback(settings.outbounds(), retention),
                recorder,
                new OpenCalls(ledger),
                parser,
                new CallReadHealth(clock),
                clock);
    }

    CallWebhooks webhooks() {
        return webhooks;
    }

    void accept(LeadIntent... rows) {
        Source source = new Sources(ledger).claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        Leads leads = LedgerFixture.leads(ledger);
        leads.plan(source, List.of(rows), AT);
        leads.record(
                source,
                List.of(rows).stream()
                        .map(row -> outcome(row, RowState.ACCEPTED))
                        .toList(),
                List.of(),
                AT);
    }

    void change(String sql) {
        LedgerChanges.change(ledger, sql);
    }

    /** What the API knows: the call by itself, and among those of its lead. */
    void api(ObjectNode call, int lead) {
        answers.put("/v1/Call/" + call.path("id").asText(), call);
        String path = "/v1/Outbound/ob-1/Lead/lead-crm-" + lead;
        ObjectNode answer = answers.containsKey(path)
                ? answers.get(path).deepCopy()
                : JSON.createObjectNode().put("id", "lead-crm-" + lead).put("status", 100);
        answer.withArray("callsId").add(call.path("id").asText());
        answers.put(path, answer);
    }

    void take(String way, ObjectNode call) {
        if (way.equals("push")) {
            push(call);
        } else {
            poll(call);
        }
    }

    void push(ObjectNode call) {
        try {
            webhooks.take("acme", JSON.writeValueAsBytes(call));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void poll(ObjectNode call) {
        pollBegunAt(clock.instant().plusSeconds(1), call);
    }

    void pollBegunAt(Instant begun, ObjectNode call) {
        pollBegunAt(begun, List.of(call));
    }

    /** Records a page. @param begun when its run began */
    void pollBegunAt(Instant begun, List<ObjectNode> calls) {
        recorder.record(
                "acme",
                calls.stream()
                        .map(call -> parser.parse(call.deepCopy().retain(ROW)))
                        .toList(),
                Instant.EPOCH,
                begun,
                clock.instant());
    }

    /** Joins the calls that are due, as the route join-calls does. */
    void join() {
        joinWhile(() -> {});
    }

    /** The same, and something else happens between the answers and the end. */
    void joinWhile(Runnable meanwhile) {
        for (CallJoin join : enricher.due()) {
            while (join.more()) {
                enricher.onAnswer(join, answers.getOrDefault(join.path(), MissingNode.getInstance()));
            }
            meanwhile.run();
            enricher.conclude(join);
        }
    }

    /** Joins until no call waits any more, however often a lead has to be asked. */
    void joinToTheEnd() {
        for (int turn = 0; turn < TURNS; turn++) {
            change("UPDATE call SET join_at = 0 WHERE join_at IS NOT NULL");
            join();
        }
    }

    @Override
    public void close() {
        ledger.close();
    }

    JsonNode normalised(JsonNode body) {
        try {
            return WebhookBody.read(JSON.writeValueAsBytes(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same body with the names of V1. @param mixed whether some of them are in camelCase */
    static JsonNode pascalCase(JsonNode body, boolean mixed) {
        Random random = new Random(7);
        if (body.isArray()) {
            var array = JSON.createArrayNode();
            body.forEach(item -> array.add(pascalCase(item, mixed)));
            return array;
        }
        if (!body.isObject()) {
            return body;
        }
        ObjectNode named = JSON.createObjectNode();
        body.properties().forEach(member -> {
            String name = member.getKey();
            boolean upper = !mixed || random.nextBoolean();
            named.set(
                    upper ? name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) : name,
                    name.equals("collectedData") ? member.getValue() : pascalCase(member.getValue(), mixed));
        });
        return named;
    }
}
