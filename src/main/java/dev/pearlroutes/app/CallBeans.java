package dev.pearlroutes.app;

import dev.pearlroutes.calls.CallEnricher;
import dev.pearlroutes.calls.CallEvents;
import dev.pearlroutes.calls.CallParser;
import dev.pearlroutes.calls.CallReadHealth;
import dev.pearlroutes.calls.CallSearch;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Calls;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.OpenCalls;
import dev.pearlroutes.ledger.WaitingCalls;
import dev.pearlroutes.nlpearl.ApiPaths;
import java.time.Clock;
import org.apache.camel.main.Main;

/** The beans by which calls are read and joined to leads. */
final class CallBeans {
    private final CallEnricher joins;
    private final CallSearch search;
    private final CallReadHealth troubles;
    private final CallMetrics metrics;

    CallBeans(Settings settings, Ledger ledger, ApiPaths paths, Events events, Clock clock) {
        Calls calls = new Calls(ledger);
        CallParser rows = new CallParser(settings.finalStatuses(), clock);
        CallEvents callEvents = new CallEvents(settings.outbounds(), events);
        this.troubles = new CallReadHealth(clock);
        this.metrics = new CallMetrics(calls, ledger, clock);
        this.joins = new CallEnricher(
                new WaitingCalls(ledger),
                rows,
                callEvents,
                paths,
                settings.finalStatuses().leads(),
                clock);
        this.search = new CallSearch(
                settings.outbounds(), paths, calls, new OpenCalls(ledger), rows, callEvents, troubles, clock);
    }

    void bind(Main camel) {
        camel.bind("callEnricher", joins);
        camel.bind("callSearch", search);
    }

    CallReadHealth troubles() {
        return troubles;
    }

    CallMetrics metrics() {
        return metrics;
    }
}
