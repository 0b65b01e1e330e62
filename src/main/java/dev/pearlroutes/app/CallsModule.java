package dev.pearlroutes.app;

import dev.pearlroutes.calls.CallEnricher;
import dev.pearlroutes.calls.CallEvents;
import dev.pearlroutes.calls.CallParser;
import dev.pearlroutes.calls.CallReadHealth;
import dev.pearlroutes.calls.CallRecorder;
import dev.pearlroutes.calls.CallSearch;
import dev.pearlroutes.calls.CallWebhooks;
import dev.pearlroutes.calls.Lookback;
import dev.pearlroutes.calls.OpenCalls;
import dev.pearlroutes.calls.SearchSchedule;
import dev.pearlroutes.calls.SilentLeads;
import dev.pearlroutes.calls.WaitingCalls;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.ledger.Ledger;
import java.time.Clock;
import org.apache.camel.main.Main;

/** The beans by which calls are read and joined to leads. */
final class CallsModule {
    private final CallEnricher enricher;
    private final CallSearch search;
    private final CallWebhooks webhooks;
    private final SilentLeads silentLeads;
    private final CallReadHealth health;
    private final CallMetrics metrics;
    private final SearchSchedule schedule = new SearchSchedule();

    CallsModule(Foundation foundation, ApiModule api) {
        Settings settings = foundation.settings();
        Ledger ledger = foundation.ledger();
        Clock clock = foundation.clock();
        CallParser parser = new CallParser(settings.finalStatuses(), clock);
        CallEvents events = new CallEvents(settings.outbounds(), foundation.events());
        CallRecorder recorder = new CallRecorder(ledger, events);
        this.health = new CallReadHealth(clock);
        this.metrics = new CallMetrics(recorder, ledger, clock);
        this.enricher = new CallEnricher(
                new WaitingCalls(ledger, events),
                parser,
                events,
                api.paths(),
                settings.finalStatuses().leads(),
                clock);
        this.search = new CallSearch(
                new Lookback(settings.outbounds(), settings.ledgerRetention()),
                recorder,
                new OpenCalls(ledger),
                parser,
                health,
                clock);
        this.webhooks = new CallWebhooks(settings.outbounds(), recorder, parser, clock);
        this.silentLeads =
                new SilentLeads(ledger, settings.byOutbound(Outbound::silentAfter), foundation.events(), clock);
    }

    void bind(Main camel) {
        camel.bind("callEnricher", enricher);
        camel.bind("callSearch", search);
        camel.bind("callWebhooks", webhooks);
        camel.bind("searchSchedule", schedule);
        camel.bind("silentLeads", silentLeads);
    }

    CallReadHealth health() {
        return health;
    }

    SearchSchedule schedule() {
        return schedule;
    }

    CallMetrics metrics() {
        return metrics;
    }
}
