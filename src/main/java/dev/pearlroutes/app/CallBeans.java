package dev.pearlroutes.app;

import dev.pearlroutes.calls.CallEnricher;
import dev.pearlroutes.calls.CallEvents;
import dev.pearlroutes.calls.CallParser;
import dev.pearlroutes.calls.CallReadHealth;
import dev.pearlroutes.calls.CallRecorder;
import dev.pearlroutes.calls.CallSearch;
import dev.pearlroutes.calls.OpenCalls;
import dev.pearlroutes.calls.WaitingCalls;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.nlpearl.ApiPaths;
import java.time.Clock;
import org.apache.camel.main.Main;

/** The beans by which calls are read and joined to leads. */
final class CallBeans {
    private final CallEnricher joins;
    private final CallSearch search;
    private final CallReadHealth health;
    private final CallMetrics metrics;

    CallBeans(Settings settings, Ledger ledger, ApiPaths paths, Events events, Clock clock) {
        CallParser parser = new CallParser(settings.finalStatuses(), clock);
        CallEvents callEvents = new CallEvents(settings.outbounds(), events);
        CallRecorder recorder = new CallRecorder(ledger, callEvents);
        this.health = new CallReadHealth(clock);
        this.metrics = new CallMetrics(recorder, ledger, clock);
        this.joins = new CallEnricher(
                new WaitingCalls(ledger, callEvents),
                parser,
                callEvents,
                paths,
                settings.finalStatuses().leads(),
                clock);
        this.search = new CallSearch(settings.outbounds(), recorder, new OpenCalls(ledger), parser, health, clock);
    }

    void bind(Main camel) {
        camel.bind("callEnricher", joins);
        camel.bind("callSearch", search);
    }

    CallReadHealth health() {
        return health;
    }

    CallMetrics metrics() {
        return metrics;
    }
}
