package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.nlpearl.OpenCircuit;
import dev.pearlroutes.nlpearl.RequestWatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.main.Main;

/** All modules, put together in the order of the rooms. */
final class Modules {
    private final Foundation foundation;
    private final NewEventMetrics newEvents;
    private final ApiModule api;
    private final IntakeModule intake;
    private final SendingModule sending;
    private final ReceiptsModule receipts;
    private final CallsModule calls;
    private final DeliveryModule delivery;
    private final MessagingModule messaging;
    private final UpkeepModule upkeep;
    private final OpsModule ops;

    /** @param page address of the operator's page */
    Modules(Settings settings, Ledger ledger, DataFolders folders, String page) {
        this.foundation = Foundation.of(settings, ledger, folders);
        this.newEvents = new NewEventMetrics(settings.outbounds());
        this.api = new ApiModule(foundation);
        this.intake = new IntakeModule(foundation, api);
        this.sending = new SendingModule(foundation, api, intake);
        this.receipts = new ReceiptsModule(foundation, api, intake, sending);
        this.calls = new CallsModule(foundation, api);
        this.delivery = new DeliveryModule(foundation, api);
        this.messaging = new MessagingModule(foundation, api, intake, receipts);
        this.upkeep = new UpkeepModule(foundation);
        this.ops = new OpsModule(this, page);
        ledger.tell(event -> {
            newEvents.onNewEvent(event);
            ops.onNewEvent(event);
        });
    }

    void bind(Main camel) {
        api.bind(camel);
        intake.bind(camel);
        sending.bind(camel);
        receipts.bind(camel);
        calls.bind(camel);
        delivery.bind(camel);
        delivery.guard(intake.polls());
        messaging.bind(camel);
        upkeep.bind(camel);
        new OperatorModule(this).bind(camel);
        camel.bind("line-health-check", sendingHealth());
    }

    /** @param requests to the API */
    void bindMetrics(MeterRegistry registry, RequestWatch requests) {
        List<Outbound> outbounds = foundation.settings().outbounds();
        newEvents.bind(registry);
        new ApiMetrics(api).bind(registry, outbounds);
        new RequestMetrics(registry, requests);
        new LedgerMetrics(foundation, intake.sources(), sending.unknownLeads(), receipts.limits()).bind(registry);
        calls.metrics().bind(registry, outbounds);
        delivery.metrics().bind(registry, outbounds);
        sending.bindMetrics(registry);
        ops.bindMetrics(registry);
    }

    private SendingHealthCheck sendingHealth() {
        return new SendingHealthCheck(
                details(),
                List.of(api.account()::warnings, ops::mailProblems),
                Stream.concat(
                                Stream.<Supplier<? extends Collection<String>>>of(
                                        () -> upkeep.hold().stream().toList(),
                                        () -> foundation.ledger().problem().stream()
                                                .toList(),
                                        () -> api.breakers().blocking().stream()
                                                .map(OpenCircuit::reason)
                                                .toList()),
                                problems().values().stream())
                        .toList());
    }

    /** Lists what health and ops events report alike: sentences for a person, by the kind of trouble; none while all is well. */
    Map<String, Supplier<? extends Collection<String>>> problems() {
        Map<String, Supplier<? extends Collection<String>>> problems = new LinkedHashMap<>();
        problems.put("account", api.account()::problems);
        problems.put("files-in-work", intake.unfinishedSources()::reasons);
        problems.put("inbox", intake.fileIntake()::refusals);
        problems.put("outcomes-files", receipts.outcomeFiles()::problems);
        problems.put("finished-files", receipts.watch()::problems);
        problems.put("calls", calls.health()::problems);
        problems.put("left-behind", () -> upkeep.leftBehind().stream().toList());
        return problems;
    }

    private Map<String, Supplier<? extends Number>> details() {
        Map<String, Supplier<? extends Number>> details = new LinkedHashMap<>();
        details.put("account status", api.account()::status);
        details.put("account credit", api.account()::credit);
        details.put("unknown leads", sending.unknownLeads()::count);
        details.put("files waiting for approval", receipts.limits()::waiting);
        details.put("files waiting for the next wave", sending.waves()::waiting);
        details.put("paused outbounds", intake.pauses()::outbounds);
        details.put("paused files", intake.pauses()::files);
        details.put("leftInInbox", intake.leftInInbox()::count);
        for (Outbound outbound : foundation.settings().outbounds()) {
            details.put(
                    "leftInInbox." + outbound.name(), () -> intake.leftInInbox().count(outbound.name()));
        }
        return details;
    }

    /** Takes up what the last run left. @return how many leads were on the wire when it ended */
    int recoverAtStart() {
        int interrupted = intake.recoverAtStart();
        receipts.limits().recoverAtStart();
        receipts.watch().recoverAtStart();
        sending.waves().recoverAtStart();
        upkeep.recoverAtStart();
        return interrupted;
    }

    Foundation foundation() {
        return foundation;
    }

    ApiModule api() {
        return api;
    }

    IntakeModule intake() {
        return intake;
    }

    SendingModule sending() {
        return sending;
    }

    ReceiptsModule receipts() {
        return receipts;
    }

    MessagingModule messaging() {
        return messaging;
    }

    CallsModule calls() {
        return calls;
    }

    DeliveryModule delivery() {
        return delivery;
    }

    OpsModule ops() {
        return ops;
    }

    UpkeepModule upkeep() {
        return upkeep;
    }
}
