package dev.pearlroutes.app;

import dev.pearlroutes.http.ApiStatus;
import dev.pearlroutes.http.Asked;
import dev.pearlroutes.http.FileStatus;
import dev.pearlroutes.http.LeadSearch;
import dev.pearlroutes.http.Orders;
import dev.pearlroutes.http.OutcomeCounts;
import dev.pearlroutes.http.SinkReport;
import dev.pearlroutes.http.SourceDescriptions;
import dev.pearlroutes.http.SourceReports;
import dev.pearlroutes.http.StatusReport;
import dev.pearlroutes.http.UnknownOrders;
import dev.pearlroutes.upkeep.LeadStory;
import org.apache.camel.main.Main;

/** The beans by which people ask the program by HTTP, and tell it what to do. */
final class OperatorModule {
    private final Foundation foundation;
    private final Modules modules;

    OperatorModule(Modules modules) {
        this.foundation = modules.foundation();
        this.modules = modules;
    }

    void bind(Main camel) {
        Asked asked = new Asked(foundation.settings(), modules.intake().sources());
        SourceDescriptions descriptions = new SourceDescriptions(
                foundation.ledger(),
                modules.sending().progress(),
                modules.api().breakers().holds(),
                foundation.events(),
                foundation.clock());
        SinkReport sinks = new SinkReport(
                asked, modules.delivery().dispatcher(), modules.delivery().deadLetters(), foundation.ledger());
        camel.bind("leadSearch", new LeadSearch(story()));
        camel.bind("orders", orders(asked));
        camel.bind("outcomeCounts", new OutcomeCounts(asked, foundation.ledger(), foundation.clock()));
        camel.bind("sinkReport", sinks);
        camel.bind("sourceReports", sources(asked, descriptions));
        camel.bind("statusReport", status(asked, descriptions, sinks));
        camel.bind(
                "unknownOrders",
                new UnknownOrders(asked, modules.sending().unknownLeads(), foundation.events(), foundation.clock()));
    }

    private LeadStory story() {
        return new LeadStory(
                foundation.ledger(), foundation.folders(), foundation.settings().outbounds());
    }

    private Orders orders(Asked asked) {
        return new Orders(
                asked,
                modules.receipts().approvals(),
                modules.intake().cancellations(),
                modules.intake().pauses(),
                modules.calls().schedule(),
                foundation.clock());
    }

    private SourceReports sources(Asked asked, SourceDescriptions descriptions) {
        return new SourceReports(
                asked,
                foundation.ledger(),
                foundation.folders(),
                modules.messaging().replies(),
                descriptions);
    }

    private StatusReport status(Asked asked, SourceDescriptions descriptions, SinkReport sinks) {
        ApiStatus api = new ApiStatus(
                asked,
                modules.api().account(),
                modules.api().rate(),
                modules.api().breakers(),
                modules.intake().suppression(),
                modules.calls().schedule());
        FileStatus files = new FileStatus(
                foundation.ledger(),
                descriptions,
                modules.sending().unknownLeads(),
                modules.sending().failedStops());
        return new StatusReport(api, files, sinks, foundation.settings().sandbox(), foundation.clock());
    }
}
