package dev.pearlroutes.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.config.Ops;
import dev.pearlroutes.delivery.SinkStatus;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.messaging.Broker;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Trouble;
import dev.pearlroutes.nlpearl.OpenCircuit;
import dev.pearlroutes.ops.ExpectedFiles;
import dev.pearlroutes.ops.OpsMail;
import dev.pearlroutes.ops.OpsWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.mail.DefaultAuthenticator;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.main.Main;

/** The beans that tell people of troubles. What is a trouble the health checks say, and here each gets its name. */
final class OpsModule implements Ledger.NewEventListener, Ledger.EventCompanion {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAIL_TIMEOUT_MS = 10_000;

    private final Modules modules;
    private final Ops ops;
    private final OpsWatch watch;
    private final OpsMail mail;
    private final ExpectedFiles expected;
    private final Map<String, Integer> silent = new ConcurrentHashMap<>();
    private volatile Broker broker;
    private volatile Collection<HealthCheck> checks = List.of();

    /** @param page address of the operator's page */
    OpsModule(Modules modules, String page) {
        this.modules = modules;
        Foundation foundation = modules.foundation();
        this.ops = foundation.settings().ops();
        this.watch = new OpsWatch(
                foundation.ledger(),
                foundation.events(),
                new OpsWatch.Listeners(!ops.sinks().isEmpty(), ops.mail() != null),
                foundation.clock());
        this.expected = new ExpectedFiles(ops.expectedFiles(), foundation.ledger(), foundation.clock());
        if (ops.on()) {
            foundation.ledger().accompany(this);
        }
        this.mail = new OpsMail(
                watch, foundation.settings().ledgerAccess().node(), page, pace(ops.mail()), foundation.clock());
    }

    private static OpsMail.Pace pace(Ops.Mail mail) {
        return mail == null
                ? new OpsMail.Pace(Duration.ZERO, Duration.ZERO)
                : new OpsMail.Pace(mail.delay(), mail.pause());
    }

    /** @param broker null where there are no queues */
    void bind(Main camel, Broker broker) {
        this.broker = broker;
        camel.bind("opsWatch", this);
        camel.bind("opsMail", mail);
        Ops.Mail server = ops.mail();
        camel.bind("opsMailProperties", server == null ? new Properties() : properties(server));
        // Neither name nor password where the server wants none: it is asked for by no empty name.
        boolean named = server != null && server.username() != null && server.password() != null;
        camel.bind(
                "opsMailAuthenticator",
                new DefaultAuthenticator(
                        named ? server.username() : null,
                        named ? server.password().reveal() : null));
    }

    private static Properties properties(Ops.Mail server) {
        Properties properties = new Properties();
        for (String timeout : List.of("connectiontimeout", "timeout", "writetimeout")) {
            properties.setProperty("mail.smtp." + timeout, Integer.toString(MAIL_TIMEOUT_MS));
        }
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(server.tls() == Ops.Tls.TLS));
        String starttls = Boolean.toString(server.tls() == Ops.Tls.STARTTLS);
        properties.setProperty("mail.smtp.starttls.enable", starttls);
        properties.setProperty("mail.smtp.starttls.required", starttls);
        properties.setProperty("mail.smtp.auth", Boolean.toString(server.username() != null));
        return properties;
    }

    void bindMetrics(MeterRegistry registry) {
        Gauge.builder("pearl.ops.troubles", watch, OpsWatch::open)
                .description("Troubles that were reported and are not over")
                .register(registry);
        Gauge.builder("pearl.ops.mail.failing", mail, each -> each.problems().size())
                .description("1 while mails about troubles cannot be sent")
                .register(registry);
    }

    /** Reports the checks too that have no source of their own here. @param checks of the context */
    void watch(Collection<HealthCheck> checks) {
        this.checks = checks.stream()
                .filter(check -> check.getId().equals("routes") || check.getId().equals("extension-routes"))
                .toList();
    }

    List<String> mailProblems() {
        return mail.problems();
    }

    private List<Trouble> troubles() {
        List<Trouble> all = new ArrayList<>(circuits());
        addTogether(all, "credit", modules.api().account().warnings());
        all.addAll(stops());
        all.addAll(sinks());
        if (broker != null) {
            addTogether(all, "broker", broker.problem().stream().toList());
        }
        all.addAll(modules.receipts().limits().troubles());
        all.addAll(expected.missing());
        modules.problems().forEach((kind, sentences) -> addTogether(all, kind, sentences.get()));
        all.addAll(otherChecks());
        return all;
    }

    private List<Trouble> circuits() {
        return modules.api().breakers().blocking().stream()
                .map(open -> new Trouble(
                        open.cause() == OpenCircuit.Cause.FORCED_OPEN ? "list" : "circuit",
                        open.account() ? null : open.outbound(),
                        null,
                        open.reason()))
                .toList();
    }

    private List<Trouble> stops() {
        return modules.sending().failedStops().outbounds().stream()
                .map(outbound -> new Trouble(
                        "stop", outbound, null, modules.sending().failedStops().problem(outbound)))
                .toList();
    }

    private List<Trouble> sinks() {
        List<Trouble> troubles = new ArrayList<>();
        for (SinkStatus status : modules.delivery().dispatcher().known()) {
            String problem = status.problem();
            if (problem != null) {
                String outbound = status.outbound().equals(Event.OPS_OUTBOX) ? null : status.outbound();
                troubles.add(new Trouble("sink", outbound, status.sink(), SinkHealthCheck.describe(status, problem)));
            }
        }
        return troubles;
    }

    private List<Trouble> otherChecks() {
        return checks.stream()
                .map(HealthCheck::call)
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .map(result -> new Trouble(
                        "routes",
                        null,
                        result.getCheck().getId(),
                        result.getMessage().orElse("is DOWN")))
                .toList();
    }

    /** Adds one trouble of sentences whose words and number may change while it lasts. */
    private static void addTogether(List<Trouble> all, String kind, Collection<String> sentences) {
        if (!sentences.isEmpty()) {
            all.add(new Trouble(kind, null, null, String.join(" ", sentences)));
        }
    }

    /** Reports a file that failed, in the same transaction. */
    @Override
    public void with(List<Event> appended, Transaction transaction) {
        List<Trouble> failed = appended.stream()
                .filter(event -> Events.type(event).equals("file.failed"))
                .map(OpsModule::failed)
                .toList();
        if (!failed.isEmpty()) {
            watch.happened(transaction, failed);
        }
    }

    @Override
    public void onNewEvent(Event event) {
        if (ops.on() && Events.type(event).equals("lead.silent")) {
            silent.merge(event.outbound(), 1, Integer::sum);
        }
    }

    private static Trouble failed(Event event) {
        try {
            JsonNode data = JSON.readTree(event.json()).path("data");
            String file = data.path("file").asText();
            return new Trouble(
                    "file-failed",
                    event.outbound(),
                    file,
                    file + " of " + event.outbound() + " cannot be used: "
                            + data.path("reason").asText() + ". It is in failed/" + event.outbound()
                            + ": correct it and drop it again.");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event is no JSON", e);
        }
    }

    /** Looks at all of it; for the route. */
    public void look() {
        for (String outbound : silent.keySet()) {
            Integer leads = silent.remove(outbound);
            watch.happened(new Trouble(
                    "leads-silent",
                    outbound,
                    null,
                    LogText.count(leads, "lead") + " of " + outbound
                            + " have no call, longer than outbound." + outbound
                            + ".silent-after. Look on the platform whether the outbound calls."));
        }
        if (lookAtLedger() == null) {
            watch.look(troubles());
        }
    }

    /** Looks at the ledger alone; for the routes. @return why it cannot be used; null while it can */
    public String lookAtLedger() {
        String problem = modules.upkeep()
                .hold()
                .or(modules.foundation().ledger()::problem)
                .orElse(null);
        watch.lookAtLedger(problem);
        return problem;
    }
}
