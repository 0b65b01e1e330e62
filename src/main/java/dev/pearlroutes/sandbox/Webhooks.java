package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The webhooks of the sandbox: at the start and the end of a call, when its content grows, and when a lead's status changes. One thread
 * looks for what has changed and waits for no answer; what cannot be posted is not posted again, as the platform may do.
 */
final class Webhooks implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Webhooks.class.getName());
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int IN_FLIGHT = 16;

    /** Without a change for so long after its end a simulated call does not change any more. */
    private static final Duration WATCHED = Duration.ofSeconds(30);

    private static final List<String> DETAILS = List.of("summary", "recording", "transcript", "collectedInfo");

    private final Map<String, WebhookTarget> targets;
    private final Store store;
    private final Queue<Watched> calls = new ConcurrentLinkedQueue<>();
    private final Queue<WatchedLead> leads = new ConcurrentLinkedQueue<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private final AtomicBoolean failing = new AtomicBoolean();
    private final Random random = new Random(17);
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sandbox-webhooks");
        thread.setDaemon(true);
        return thread;
    });

    private static final class Watched {
        private final WebhookTarget target;
        private final Call.Source source;
        private ObjectNode pushed;
        private ObjectNode late;

        Watched(WebhookTarget target, Call.Source source) {
            this.target = target;
            this.source = source;
        }
    }

    private static final class WatchedLead {
        private final WebhookTarget target;
        private final StoredLead lead;
        private int status = 1;

        WatchedLead(WebhookTarget target, StoredLead lead) {
            this.target = target;
            this.lead = lead;
        }
    }

    /** @param targets by the outbound's id */
    Webhooks(Map<String, WebhookTarget> targets, Store store) {
        this.targets = Map.copyOf(targets);
        this.store = store;
        if (!targets.isEmpty()) {
            ticks.scheduleWithFixedDelay(this::tick, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void onLead(StoredLead lead) {
        WebhookTarget target = targets.get(lead.outboundId);
        if (target != null) {
            leads.add(new WatchedLead(target, lead));
        }
    }

    void onCall(String outboundId, Call.Source call) {
        WebhookTarget target = targets.get(outboundId);
        if (target != null) {
            calls.add(new Watched(target, call));
        }
    }

    void clear() {
        calls.clear();
        leads.clear();
    }

    @Override
    public void close() {
        ticks.shutdownNow();
    }

    private void tick() {
        try {
            Instant now = store.now();
            calls.removeIf(call -> look(call, now));
            leads.forEach(lead -> look(lead, now));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "The sandbox posts no webhooks for a moment", e);
        }
    }

    /** @return whether the call is not watched any more */
    private boolean look(Watched call, Instant now) {
        Call at = call.source.at(now);
        if (at == null) {
            return false;
        }
        boolean over = at.json().path("duration").isNumber();
        ObjectNode body = at.json().deepCopy();
        if (call.source.lead() != null) {
            body.put("leadId", call.source.lead().id);
        }
        if (over && (call.pushed == null || !call.pushed.path("duration").isNumber())) {
            // The first notice of the end comes before the platform has thought about the conversation.
            body.remove(DETAILS);
        }
        if (!body.equals(call.pushed) && inFlight.tryAcquire()) {
            boolean first = call.pushed == null;
            call.pushed = body;
            if (first && call.target.unruly() && random.nextInt(4) == 0) {
                call.late = body;
                inFlight.release();
            } else {
                post(call.target, "/calls", body);
            }
            return false;
        }
        if (over && call.target.unruly() && inFlight.tryAcquire()) {
            ObjectNode again = call.late != null ? call.late : random.nextInt(40) == 0 ? call.pushed : null;
            call.late = null;
            if (again == null) {
                inFlight.release();
            } else {
                post(call.target, "/calls", again);
            }
        }
        return over && body.equals(call.pushed) && at.changed().plus(WATCHED).isBefore(now);
    }

    private void look(WatchedLead watched, Instant now) {
        StoredLead lead = watched.lead;
        int status = lead.status(lead.calls(now));
        if (status != watched.status && inFlight.tryAcquire()) {
            watched.status = status;
            ObjectNode body = Answer.JSON
                    .createObjectNode()
                    .put("id", lead.id)
                    .put("pearlId", "sandbox-pearl")
                    .put("phoneNumber", lead.phoneNumber(now))
                    .put("externalId", lead.externalId())
                    .put("status", status);
            body.putObject("collectedData");
            post(watched.target, "/leads", body);
        }
    }

    private void post(WebhookTarget target, String path, ObjectNode body) {
        JsonNode written = target.payload() == WebhookTarget.Payload.V1 ? pascalCase(body) : body;
        HttpRequest request = HttpRequest.newBuilder(URI.create(target.address() + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + target.secret())
                .POST(HttpRequest.BodyPublishers.ofString(written.toString()))
                .build();
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            inFlight.release();
            String problem = failure != null
                    ? "cannot be posted"
                    : answer.statusCode() / 100 == 2 ? null : "are answered " + answer.statusCode();
            if (problem != null && failing.compareAndSet(false, true)) {
                LOG.log(System.Logger.Level.WARNING, "Webhooks of the sandbox {0}", problem);
            } else if (problem == null) {
                failing.set(false);
            }
        });
    }

    private static JsonNode pascalCase(JsonNode body) {
        if (body.isArray()) {
            ArrayNode array = Answer.JSON.createArrayNode();
            body.forEach(item -> array.add(pascalCase(item)));
            return array;
        }
        if (!body.isObject()) {
            return body;
        }
        ObjectNode named = Answer.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> member : new ArrayList<>(body.properties())) {
            String name = member.getKey();
            named.set(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), pascalCase(member.getValue()));
        }
        return named;
    }
}
