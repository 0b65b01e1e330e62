package dev.pearlroutes.app;

import dev.pearlroutes.approval.ApprovalNotices;
import dev.pearlroutes.approval.ApprovalStore;
import dev.pearlroutes.approval.Approvals;
import dev.pearlroutes.approval.DryRun;
import dev.pearlroutes.approval.DryRunLedger;
import dev.pearlroutes.approval.Preflight;
import dev.pearlroutes.approval.SendLimits;
import dev.pearlroutes.approval.SendingForecast;
import dev.pearlroutes.calls.SilentLeads;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.config.UnknownPolicy;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.ControlFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.StableFileFilter;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.InterruptedLeads;
import dev.pearlroutes.intake.MessageIntake;
import dev.pearlroutes.intake.Progress;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.intake.UnfinishedSources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.ChangeMapper;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.Mappers;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.messaging.LeadGateway;
import dev.pearlroutes.messaging.LeadQueue;
import dev.pearlroutes.messaging.MessageAdmission;
import dev.pearlroutes.messaging.MessageGroups;
import dev.pearlroutes.model.ReleaseRate;
import dev.pearlroutes.nlpearl.AnswerClassifier;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.LeadFinders;
import dev.pearlroutes.nlpearl.OpenCircuit;
import dev.pearlroutes.nlpearl.RequestThrottle;
import dev.pearlroutes.nlpearl.ResponseReader;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import dev.pearlroutes.recall.Cancellations;
import dev.pearlroutes.recall.RecalledLeads;
import dev.pearlroutes.recall.StopRequests;
import dev.pearlroutes.recall.StoppedLeads;
import dev.pearlroutes.receipts.FailedSources;
import dev.pearlroutes.receipts.OutcomeFiles;
import dev.pearlroutes.receipts.ReceiptFiles;
import dev.pearlroutes.receipts.ReceiptRefresh;
import dev.pearlroutes.receipts.Receipts;
import dev.pearlroutes.receipts.Replies;
import dev.pearlroutes.receipts.ResultFiles;
import dev.pearlroutes.receipts.RowResults;
import dev.pearlroutes.sending.BatchPlanner;
import dev.pearlroutes.sending.CallableListeners;
import dev.pearlroutes.sending.IntentFactory;
import dev.pearlroutes.sending.IntentPlanner;
import dev.pearlroutes.sending.LeadSender;
import dev.pearlroutes.sending.OutcomeRecorder;
import dev.pearlroutes.sending.ReleaseWaves;
import dev.pearlroutes.sending.UnknownLeadResolver;
import dev.pearlroutes.sending.UnknownLeads;
import dev.pearlroutes.suppression.SuppressedLeads;
import dev.pearlroutes.suppression.Suppression;
import dev.pearlroutes.updates.UpdatePlanner;
import dev.pearlroutes.updates.UpdateProcessor;
import dev.pearlroutes.updates.UpdateRecorder;
import dev.pearlroutes.upkeep.LedgerWatermark;
import dev.pearlroutes.upkeep.LeftBehind;
import dev.pearlroutes.upkeep.Retention;
import dev.pearlroutes.upkeep.StaleLedgerCheck;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.main.Main;

/** The beans that the routes name, made from the settings and put together room by room. */
final class Beans {
    /** Rows of a batch for each request in flight; see {@link LeadSender} and {@link UpdateProcessor}. */
    private static final int ROWS_PER_REQUEST_IN_FLIGHT = 2;

    /** Rows of a batch at the least where the ceiling is low. */
    private static final int FEWEST_ROWS = 8;

    /** More than rows of a batch, since no batch is planned while another one is sent. */
    private static final int MESSAGES_PER_REQUEST_IN_FLIGHT = 4;

    private final Settings settings;
    private final Ledger ledger;
    private final Clock clock = Clock.systemUTC();
    private final DataFolders folders;
    private final AtomicFiles wholeFiles;
    private final AdaptiveRate rate;
    private final Shutdown shutdown;
    private final CircuitBreakers breakers;
    private final AnswerClassifier answers = new AnswerClassifier(clock);
    private final ApiPaths paths;
    private final Events events;
    private final Sources sources;
    private final InterruptedLeads interruptedLeads;
    private final UnknownLeads unknowns;
    private final IntentPlanner planner;
    private final OutcomeRecorder recorder;
    private final UpdateRecorder updateRecorder;
    private final Map<String, LeadMapper> mappers;
    private final Map<String, ChangeMapper> changeMappers;
    private final Mappers columnMappers;
    private final Suppression suppression;
    private final StoppedLeads stops;
    private final StopRequests stopFiles;
    private final ControlFiles controlFiles;
    private final Cancellations cancellations;
    private final UnfinishedSources backlog;
    private final IntentFactory candidates;
    private final ReleaseWaves waves;
    private final ApprovalStore admissions;
    private final Preflight preflight;
    private final SendLimits guards;
    private final FileIntake leadFiles;
    private final OutcomeFiles outcomeFiles;
    private final ResultFiles resultFiles;
    private final ReceiptFiles receiptFiles;
    private final Receipts receipts;
    private final CallBeans callBeans;
    private final SinkBeans sinkBeans;
    private final LedgerWatermark ledgerMark;
    private final Optional<String> hold;
    private volatile Set<String> leftBehind = Set.of();

    Beans(Settings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
        this.folders = new DataFolders(settings.dataDir());
        this.wholeFiles = new AtomicFiles(settings.filesMode());
        this.rate = new AdaptiveRate(settings.maxPerSecond(), clock);
        this.shutdown = new Shutdown(clock);
        this.breakers = new CircuitBreakers(clock, rate, shutdown);
        this.paths = new ApiPaths(settings.byOutbound(Outbound::id));
        this.events = new Events(clock);
        this.sources = new Sources(ledger);
        this.planner = new IntentPlanner(ledger, events, settings.byOutbound(Outbound::identity));
        this.interruptedLeads = new InterruptedLeads(ledger, events, settings.settleTime());
        this.unknowns = new UnknownLeads(ledger, events, settings.settleTime());
        this.mappers = LeadMapper.byOutbound(settings);
        this.columnMappers = new Mappers(mappers);
        this.changeMappers = columnMappers.changes();
        this.suppression =
                new Suppression(folders, settings.outbounds(), new PhoneNumbers(), ledger.keyedHash(), breakers, clock);
        this.stops = new StoppedLeads(ledger);
        this.stopFiles = new StopRequests(sources, folders, wholeFiles, clock);
        this.backlog = new UnfinishedSources(sources, interruptedLeads, shutdown, clock);
        this.leadFiles = new FileIntake(folders, sources, columnMappers, settings.byOutbound(Outbound::charset), clock);
        this.controlFiles = new ControlFiles(folders, wholeFiles);
        this.cancellations = new Cancellations(leadFiles, sources, ledger, folders, controlFiles, breakers);
        CallableListeners listeners = new CallableListeners(suppression, cancellations);
        this.recorder = new OutcomeRecorder(ledger, events, listeners, settings.settleTime());
        this.updateRecorder = new UpdateRecorder(ledger, events, listeners);
        this.outcomeFiles =
                new OutcomeFiles(folders, wholeFiles, leadFiles, new RowResults(ledger), shutdown::requested, clock);
        this.resultFiles = new ResultFiles(leadFiles, ledger, wholeFiles);
        this.receiptFiles = new ReceiptFiles(folders, wholeFiles, sources, suppression);
        this.receipts = new Receipts(leadFiles, folders, resultFiles, outcomeFiles, receiptFiles, events);
        this.candidates = new IntentFactory(mappers, ledger.keyedHash(), paths);
        Map<String, ReleaseRate> releases =
                settings.byOutbound(outbound -> outbound.guards().release());
        this.waves = new ReleaseWaves(ledger, releases);
        this.admissions = new ApprovalStore(ledger);
        this.preflight = new Preflight(
                new DryRun(
                        candidates, new DryRunLedger.Factory(ledger, planner, folders, clock), suppression, shutdown),
                resultFiles,
                receipts,
                folders,
                new SendingForecast(rate, releases));
        this.guards = new SendLimits(
                settings.byOutbound(Outbound::guards),
                admissions,
                preflight,
                new ApprovalNotices(folders, wholeFiles, receiptFiles),
                cancellations,
                clock);
        this.callBeans = new CallBeans(settings, ledger, paths, events, clock);
        this.sinkBeans = new SinkBeans(settings, ledger, folders, wholeFiles, answers, clock);
        this.ledgerMark = new LedgerWatermark(folders, wholeFiles, ledger);
        this.hold = new StaleLedgerCheck(folders, mappers.keySet(), ledger, ledgerMark)
                .evidence()
                .map(evidence -> settings.ledgerUrl() + " may be older than the files beside it: " + evidence
                        + ". Whom it has forgotten could be called twice, so nothing is read or sent. Stop the program,"
                        + " put the newest ledger back and start again; if there is none, see pearl-routes accept-ledger"
                        + " --help.");
    }

    void bind(Main camel) {
        bindApi(camel);
        bindLeads(camel);
        callBeans.bind(camel);
        sinkBeans.bind(camel);
        bindMessaging(camel);
        bindLedger(camel);
    }

    /** @return how many leads were on the wire when the last run ended */
    int recover() {
        int recovered = interruptedLeads.recoverAtStart(clock.instant());
        leadFiles.recoverAtStart();
        suppression.look();
        settings.outbounds().forEach(outbound -> cancellations.recoverAtStart(outbound.name()));
        guards.recoverAtStart();
        waves.recoverAtStart();
        leftBehind = new LeftBehind(ledger).outbounds(mappers.keySet());
        return recovered;
    }

    /** What a person must know of outbounds that are not configured any more; empty when all is well. */
    Optional<String> leftBehind() {
        return leftBehind.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "The ledger holds unfinished files, unknown leads or undelivered results of outbounds that are"
                                + " not configured: " + String.join(", ", leftBehind) + ". They wait until "
                                + leftBehind.stream()
                                        .map(name -> "outbound." + name + ".id")
                                        .collect(Collectors.joining(" and "))
                                + " is set again: a name must not be changed.");
    }

    /** Why nothing may be sent before a person has decided; empty when all is well. */
    Optional<String> hold() {
        return hold;
    }

    DataFolders folders() {
        return folders;
    }

    AtomicFiles wholeFiles() {
        return wholeFiles;
    }

    Shutdown shutdown() {
        return shutdown;
    }

    LedgerWatermark ledgerMark() {
        return ledgerMark;
    }

    CallBeans callBeans() {
        return callBeans;
    }

    SinkBeans sinkBeans() {
        return sinkBeans;
    }

    Sources sources() {
        return sources;
    }

    private void bindApi(Main camel) {
        camel.bind("answerClassifier", answers);
        camel.bind("circuitBreakers", breakers);
        camel.bind(
                "line-health-check",
                new SendingHealthCheck(
                        Map.of(
                                "unknown leads", unknowns::count,
                                "files waiting for approval", guards::waiting,
                                "files waiting for the next wave", waves::waiting),
                        List.of(
                                () -> hold.stream().toList(),
                                () -> ledger.problem().stream().toList(),
                                () -> breakers.blocking().stream()
                                        .map(OpenCircuit::reason)
                                        .toList(),
                                backlog::reasons,
                                leadFiles::refusals,
                                outcomeFiles::problems,
                                callBeans.health()::problems,
                                () -> leftBehind().stream().toList())));
        camel.bind("requestThrottle", new RequestThrottle(breakers, rate));
        camel.bind("apiPaths", paths);
        ResponseReader responses = new ResponseReader(answers, breakers);
        camel.bind("responseReader", responses);
        camel.bind("leadFinders", new LeadFinders(responses));
        camel.bind("routeErrorReport", new RouteErrorReport(backlog));
    }

    /** No more than go in a quarter of a second under a ceiling: what waits to be sent is unknown after a kill -9 too. */
    private int batchSize(int most) {
        int ceiling = settings.maxPerSecond();
        return ceiling == 0 ? most : Math.min(most, Math.max(FEWEST_ROWS, ceiling / 4));
    }

    private void bindLeads(Main camel) {
        Progress progress = new Progress(clock);
        int rows = ROWS_PER_REQUEST_IN_FLIGHT * settings.maxInFlight();
        boolean resend = settings.unknownPolicy() == UnknownPolicy.RESEND_IF_ABSENT;
        camel.bind("unfinishedSources", backlog);
        camel.bind("fileIntake", leadFiles);
        camel.bind("outcomeFiles", outcomeFiles);
        camel.bind("receipts", receipts);
        camel.bind("receiptRefresh", new ReceiptRefresh(sources, leadFiles, receipts, receiptFiles, events, clock));
        camel.bind("failedSources", new FailedSources(folders, wholeFiles, sources, events));
        camel.bind(
                "unknownLeadResolver",
                new UnknownLeadResolver(
                        new UnknownLeadResolver.Policy(mappers.keySet(), settings.settleTime(), resend),
                        unknowns,
                        recorder,
                        candidates,
                        breakers,
                        clock));
        camel.bind("cancellations", cancellations);
        camel.bind("recalledLeads", new RecalledLeads(cancellations, stops, stopFiles, shutdown));
        camel.bind("approvals", new Approvals(admissions, controlFiles));
        camel.bind("sendLimits", guards);
        camel.bind("preflight", preflight);
        camel.bind("progress", progress);
        camel.bind("stableFileFilter", new StableFileFilter());
        camel.bind(
                "leadSender",
                new LeadSender(
                        new BatchPlanner(candidates, planner, waves, cancellations, batchSize(rows), clock),
                        recorder,
                        waves,
                        breakers,
                        progress,
                        clock));
        UpdatePlanner updatePlanner =
                new UpdatePlanner(ledger, updateRecorder, changeMappers, settings.byOutbound(Outbound::identity));
        camel.bind("updateProcessor", new UpdateProcessor(updatePlanner, updateRecorder, breakers, paths, rows, clock));
        camel.bind("silentLeads", new SilentLeads(ledger, settings.byOutbound(Outbound::silentAfter), events, clock));
        camel.bind("sources", sources);
        camel.bind("suppression", suppression);
        camel.bind("suppressedLeads", new SuppressedLeads(suppression, stops, stopFiles, shutdown));
    }

    private void bindMessaging(Main camel) {
        // So many that all consumers of a queue together keep the requests in flight busy.
        int group = Math.max(
                1,
                MESSAGES_PER_REQUEST_IN_FLIGHT
                        * settings.maxInFlight()
                        / settings.jms().consumers());
        MessageIntake messages = new MessageIntake(sources, interruptedLeads, columnMappers, clock);
        MessageAdmission admission = new MessageAdmission(messages, guards);
        Replies replies = new Replies(receiptFiles, ledger);
        camel.bind("leadGateway", new LeadGateway(admission, messages, replies));
        camel.bind("leadQueue", new LeadQueue(admission, messages, replies, shutdown));
        camel.bind("messageGroups", new MessageGroups.Factory(group));
        camel.bind("messagesInOrder", new MessageGroups.Factory(1));
    }

    private void bindLedger(Main camel) {
        camel.bind("ledgerWatermark", ledgerMark);
        camel.bind("retention", new Retention(ledger, settings.ledgerRetention(), clock));
    }
}
