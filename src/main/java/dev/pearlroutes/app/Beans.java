package dev.pearlroutes.app;

import dev.pearlroutes.approval.Approvals;
import dev.pearlroutes.approval.Preflight;
import dev.pearlroutes.approval.SendLimits;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.config.UnknownPolicy;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.StableFileFilter;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.MessageIntake;
import dev.pearlroutes.intake.Progress;
import dev.pearlroutes.intake.UnfinishedSources;
import dev.pearlroutes.ledger.ApprovalStore;
import dev.pearlroutes.ledger.CallOutcomes;
import dev.pearlroutes.ledger.Cancels;
import dev.pearlroutes.ledger.History;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.ReleaseWaves;
import dev.pearlroutes.ledger.Retention;
import dev.pearlroutes.ledger.SilentLeads;
import dev.pearlroutes.ledger.Sources;
import dev.pearlroutes.ledger.StoppedLeads;
import dev.pearlroutes.ledger.Unknowns;
import dev.pearlroutes.ledger.Updates;
import dev.pearlroutes.mapping.ChangeMapper;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.messaging.LeadGateway;
import dev.pearlroutes.messaging.LeadQueue;
import dev.pearlroutes.messaging.MessageGroups;
import dev.pearlroutes.model.ReleaseRate;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.AnswerClassifier;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.OpenCircuit;
import dev.pearlroutes.nlpearl.RequestThrottle;
import dev.pearlroutes.nlpearl.ResponseReader;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import dev.pearlroutes.recall.Cancellations;
import dev.pearlroutes.recall.StopRequests;
import dev.pearlroutes.receipts.OutcomeFiles;
import dev.pearlroutes.receipts.Receipts;
import dev.pearlroutes.receipts.Replies;
import dev.pearlroutes.receipts.ResultFiles;
import dev.pearlroutes.sending.IntentFactory;
import dev.pearlroutes.sending.LeadSender;
import dev.pearlroutes.sending.UnknownLeadResolver;
import dev.pearlroutes.suppression.SuppressedLeads;
import dev.pearlroutes.suppression.Suppression;
import dev.pearlroutes.updates.UpdateProcessor;
import dev.pearlroutes.upkeep.LedgerWatermark;
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
    private final Leads leads;
    private final Unknowns unknowns;
    private final Updates updates;
    private final Map<String, LeadMapper> mappers;
    private final Map<String, ChangeMapper> changeMappers;
    private final Suppression suppression;
    private final StoppedLeads stops;
    private final StopRequests stopFiles;
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
    private final Receipts receipts;
    private final CallBeans callBeans;
    private final SinkBeans sinkBeans;
    private final History history;
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
        this.leads = new Leads(ledger, events::ofLead, settings.settleTime(), settings.byOutbound(Outbound::identity));
        this.unknowns = new Unknowns(ledger, events::ofLead, settings.settleTime());
        this.updates =
                new Updates(ledger, events::ofLead, events::ofStoppedLead, settings.byOutbound(Outbound::identity));
        this.mappers = LeadMapper.byOutbound(settings);
        this.changeMappers = settings.byOutbound(outbound -> new ChangeMapper(mappers.get(outbound.name())));
        this.suppression =
                new Suppression(folders, settings.outbounds(), new PhoneNumbers(), ledger.keyedHash(), breakers, clock);
        leads.whenCallable(this::callable);
        updates.whenCallable(this::callable);
        this.stops = new StoppedLeads(ledger);
        this.stopFiles = new StopRequests(sources, folders, wholeFiles, clock);
        this.backlog = new UnfinishedSources(sources, unknowns, shutdown, clock);
        this.leadFiles =
                new FileIntake(folders, sources, this::checkColumns, settings.byOutbound(Outbound::charset), clock);
        this.cancellations = new Cancellations(
                leadFiles, new Cancels(ledger), sources, stops, stopFiles, folders, wholeFiles, breakers);
        this.outcomeFiles =
                new OutcomeFiles(folders, wholeFiles, leadFiles, new CallOutcomes(ledger), shutdown::requested, clock);
        this.resultFiles = new ResultFiles(leadFiles, leads, updates, wholeFiles);
        this.receipts = new Receipts(
                folders, wholeFiles, sources, leadFiles, resultFiles, outcomeFiles, events, this::suppressionOf, clock);
        this.candidates = new IntentFactory(mappers, ledger.keyedHash());
        Map<String, ReleaseRate> releases =
                settings.byOutbound(outbound -> outbound.guards().release());
        this.waves = new ReleaseWaves(ledger, releases);
        this.admissions = new ApprovalStore(ledger);
        this.preflight = new Preflight(
                ledger,
                mappers,
                candidates,
                leads,
                suppression,
                resultFiles,
                receipts,
                folders,
                shutdown,
                rate,
                releases,
                clock);
        this.guards = new SendLimits(
                settings.byOutbound(Outbound::guards),
                admissions,
                preflight,
                receipts,
                folders,
                wholeFiles,
                cancellations::isCancelled,
                clock);
        this.callBeans = new CallBeans(settings, ledger, paths, events, clock);
        this.sinkBeans = new SinkBeans(settings, ledger, folders, wholeFiles, answers, clock);
        this.history = new History(ledger);
        this.ledgerMark = new LedgerWatermark(folders, wholeFiles, history);
        this.hold = new StaleLedgerCheck(folders, mappers.keySet(), history, sources, ledgerMark)
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
        int interrupted = unknowns.recover(clock.instant());
        leadFiles.takeStock();
        suppression.look();
        settings.outbounds().forEach(outbound -> cancellations.takeStock(outbound.name()));
        guards.takeStock();
        waves.begin();
        leftBehind = history.leftBehind(mappers.keySet());
        return interrupted;
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
                                "files waiting for the next wave", waves::resting),
                        List.of(
                                () -> hold.stream().toList(),
                                () -> ledger.trouble().stream().toList(),
                                () -> breakers.blocking().stream()
                                        .map(OpenCircuit::reason)
                                        .toList(),
                                backlog::reasons,
                                leadFiles::refusals,
                                outcomeFiles::troubles,
                                callBeans.troubles()::reasons,
                                () -> leftBehind().stream().toList())));
        camel.bind("requestThrottle", new RequestThrottle(breakers, rate));
        camel.bind("apiPaths", paths);
        camel.bind("responseReader", new ResponseReader(answers, breakers));
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
        camel.bind(
                "unknownLeadResolver",
                new UnknownLeadResolver(
                        mappers.keySet(), unknowns, leads, breakers, paths, settings.settleTime(), resend, clock));
        camel.bind("cancellations", cancellations);
        camel.bind("approvals", new Approvals(cancellations, admissions, folders, wholeFiles));
        camel.bind("sendLimits", guards);
        camel.bind("preflight", preflight);
        camel.bind("progress", progress);
        camel.bind("stableFileFilter", new StableFileFilter());
        camel.bind(
                "leadSender",
                new LeadSender(
                        leads,
                        waves,
                        breakers,
                        candidates,
                        paths,
                        progress,
                        cancellations::isCancelled,
                        batchSize(rows),
                        clock));
        camel.bind("updateProcessor", new UpdateProcessor(leads, updates, breakers, paths, changeMappers, rows, clock));
        camel.bind(
                "silentLeads",
                new SilentLeads(ledger, settings.byOutbound(Outbound::silentAfter), events::ofSilentLead, clock));
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
        MessageIntake messages =
                new MessageIntake(sources, unknowns, mappers.keySet(), this::checkColumns, guards::admitMessage, clock);
        Replies replies = new Replies(receipts, leads);
        camel.bind("leadGateway", new LeadGateway(messages, replies));
        camel.bind("leadQueue", new LeadQueue(messages, replies, shutdown));
        camel.bind("messageGroups", new MessageGroups.Factory(group));
        camel.bind("messagesInOrder", new MessageGroups.Factory(1));
    }

    /** What the receipt of a source says of the lists that it was sent under. */
    private String suppressionOf(Source source) {
        boolean checked = Set.of(Source.Operation.ADD, Source.Operation.UPDATE, Source.Operation.CHECK)
                .contains(source.operation());
        return checked ? suppression.told(source.outbound()) : null;
    }

    private void callable(String outbound, byte[] phone) {
        suppression.callable(outbound, phone);
        cancellations.callable(outbound, phone);
    }

    private void checkColumns(String outbound, Source.Operation operation, List<String> columns) {
        if (operation == Source.Operation.ADD || operation == Source.Operation.CHECK) {
            mappers.get(outbound).checkColumns(columns);
        } else {
            changeMappers.get(outbound).checkColumns(operation, columns);
        }
    }

    private void bindLedger(Main camel) {
        camel.bind("ledgerWatermark", ledgerMark);
        camel.bind("retention", new Retention(ledger, settings.ledgerRetention(), clock));
    }
}
