package dev.pearlroutes.app;

import dev.pearlroutes.calls.CallEvents;
import dev.pearlroutes.calls.CallJoins;
import dev.pearlroutes.calls.CallRows;
import dev.pearlroutes.calls.CallSearch;
import dev.pearlroutes.calls.SearchTroubles;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.ledger.Calls;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.OpenCalls;
import dev.pearlroutes.ledger.WaitingCalls;
import dev.pearlroutes.nlpearl.Paths;
import dev.pearlroutes.results.Events;
import java.time.Clock;
import org.apache.camel.main.Main;

/** The beans by which calls are read and joined to leads. */
final class CallBeans {
    private final CallJoins joins;
    private final CallSearch search;
    private final SearchTroubles troubles;
    private final CallMetrics metrics;

    CallBeans(Settings settings, Ledger ledger, Paths paths, Events events, Clock clock) {
        Calls calls = new Calls(ledger);
        CallRows rows = new CallRows(settings.finalStatuses(), clock);
        CallEvents callEvents = new CallEvents(settings.outbounds(), events);
        this.troubles = new SearchTroubles(clock);
        this.metrics = new CallMetrics(calls, ledger, clock);
        this.joins = new CallJoins(
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
        camel.bind("callJoins", joins);
        camel.bind("callSearch", search);
    }

    SearchTroubles troubles() {
        return troubles;
    }

    CallMetrics metrics() {
        return metrics;
    }
}
