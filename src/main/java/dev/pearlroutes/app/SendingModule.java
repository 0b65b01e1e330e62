package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.config.UnknownPolicy;
import dev.pearlroutes.intake.Progress;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.ReleaseRate;
import dev.pearlroutes.sending.BatchPlanner;
import dev.pearlroutes.sending.CallableListeners;
import dev.pearlroutes.sending.IntentFactory;
import dev.pearlroutes.sending.IntentPlanner;
import dev.pearlroutes.sending.LeadSender;
import dev.pearlroutes.sending.LeadWebhooks;
import dev.pearlroutes.sending.OutcomeRecorder;
import dev.pearlroutes.sending.PromisedKeys;
import dev.pearlroutes.sending.ReleaseWaves;
import dev.pearlroutes.sending.UnknownLeadResolver;
import dev.pearlroutes.sending.UnknownLeads;
import dev.pearlroutes.updates.FailedStops;
import dev.pearlroutes.updates.StopRequestFactory;
import dev.pearlroutes.updates.StopRetries;
import dev.pearlroutes.updates.UpdatePlanner;
import dev.pearlroutes.updates.UpdateProcessor;
import dev.pearlroutes.updates.UpdateRecorder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.main.Main;

/** The beans that send leads, settle the unknown ones, and make updates. */
final class SendingModule {
    /** Rows of a batch for each request in flight; see {@link LeadSender} and {@link UpdateProcessor}. */
    private static final int ROWS_PER_REQUEST_IN_FLIGHT = 2;

    /** Fewest rows of a batch where the ceiling is low. */
    private static final int FEWEST_ROWS = 8;

    private final Foundation foundation;
    private final ApiModule api;
    private final IntakeModule intake;
    private final PromisedKeys promised = new PromisedKeys();
    private final UnknownLeads unknownLeads;
    private final IntentPlanner planner;
    private final IntentFactory intents;
    private final ReleaseWaves waves;
    private final FailedStops failedStops;
    private final Progress progress;

    SendingModule(Foundation foundation, ApiModule api, IntakeModule intake) {
        this.foundation = foundation;
        this.api = api;
        this.intake = intake;
        Ledger ledger = foundation.ledger();
        Settings settings = foundation.settings();
        this.unknownLeads = new UnknownLeads(ledger, foundation.events(), settings.settleTime());
        this.planner =
                new IntentPlanner(ledger, foundation.events(), settings.byOutbound(Outbound::identity), promised);
        this.intents = new IntentFactory(foundation.mappers().leads(), ledger.keyedHash(), api.paths());
        this.waves = new ReleaseWaves(ledger, releases());
        this.failedStops = new FailedStops(ledger, foundation.clock());
        this.progress = new Progress(foundation.clock());
    }

    void bind(Main camel) {
        Settings settings = foundation.settings();
        Ledger ledger = foundation.ledger();
        Clock clock = foundation.clock();
        int rows = ROWS_PER_REQUEST_IN_FLIGHT * settings.maxInFlight();
        CallableListeners listeners = new CallableListeners(intake.suppression(), intake.cancellations());
        OutcomeRecorder recorder = new OutcomeRecorder(
                ledger, foundation.events(), listeners, settings.settleTime(), foundation.journal());
        BatchPlanner batches =
                new BatchPlanner(intents, planner, waves, intake.cancellations(), batchSize(rows), clock);
        UnknownLeadResolver.Policy policy = new UnknownLeadResolver.Policy(
                foundation.mappers().outbounds(),
                settings.settleTime(),
                settings.unknownPolicy() == UnknownPolicy.RESEND_IF_ABSENT);
        UpdateRecorder updates = new UpdateRecorder(ledger, foundation.events(), listeners);
        UpdatePlanner updatePlanner = new UpdatePlanner(
                ledger, updates, foundation.mappers().changes(), settings.byOutbound(Outbound::identity), promised);
        camel.bind(
                "stopRetries",
                new StopRetries(
                        failedStops,
                        new StopRequestFactory(foundation.mappers().outbounds(), api.paths(), ledger),
                        updates,
                        intake.suppression(),
                        api.breakers(),
                        clock));
        camel.bind("failedStops", failedStops);
        camel.bind("stop-health-check", new StopHealthCheck(failedStops));
        camel.bind("leadSender", new LeadSender(batches, recorder, waves, api.breakers(), progress, clock));
        camel.bind("progress", progress);
        camel.bind(
                "unknownLeadResolver",
                new UnknownLeadResolver(policy, unknownLeads, recorder, intents, api.breakers(), clock));
        camel.bind("leadWebhooks", new LeadWebhooks(ledger, unknownLeads, settings.settleTime(), clock));
        camel.bind(
                "updateProcessor",
                new UpdateProcessor(updatePlanner, updates, api.breakers(), api.paths(), rows, clock));
    }

    /** Takes no more than go in a quarter of a second under a ceiling: what waits to be sent is unknown after a power cut too. */
    private int batchSize(int most) {
        int ceiling = foundation.settings().maxPerSecond();
        return ceiling == 0 ? most : Math.min(most, Math.max(FEWEST_ROWS, ceiling / 4));
    }

    /** Answers with the release rate by outbound, of those that release their files in waves. */
    Map<String, ReleaseRate> releases() {
        return foundation.settings().byOutbound(outbound -> outbound.limits().release());
    }

    void bindMetrics(MeterRegistry registry) {
        for (Outbound outbound : foundation.settings().outbounds()) {
            Gauge.builder("pearl.stops.failed", () -> failedStops.count(outbound.name()))
                    .description("Leads that must not be called any more and could not be stopped")
                    .tag("outbound", outbound.name())
                    .register(registry);
        }
    }

    UnknownLeads unknownLeads() {
        return unknownLeads;
    }

    IntentPlanner planner() {
        return planner;
    }

    IntentFactory intents() {
        return intents;
    }

    FailedStops failedStops() {
        return failedStops;
    }

    Progress progress() {
        return progress;
    }

    ReleaseWaves waves() {
        return waves;
    }
}
