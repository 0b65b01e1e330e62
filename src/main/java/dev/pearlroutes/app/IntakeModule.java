package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.ControlFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.files.StableFileFilter;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.InterruptedLeads;
import dev.pearlroutes.intake.LeftInInbox;
import dev.pearlroutes.intake.SourceOptions;
import dev.pearlroutes.intake.SourceQueues;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.intake.UnfinishedSources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.recall.Cancellations;
import dev.pearlroutes.recall.Pauses;
import dev.pearlroutes.recall.RecalledLeads;
import dev.pearlroutes.recall.StopRequests;
import dev.pearlroutes.recall.StoppedLeads;
import dev.pearlroutes.suppression.ListReader;
import dev.pearlroutes.suppression.SuppressedLeads;
import dev.pearlroutes.suppression.Suppression;
import java.time.Clock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.main.Main;

/** The beans that take files in, cancel and recall them, and keep the suppression lists. */
final class IntakeModule {
    private final Foundation foundation;
    private final Shutdown shutdown;
    private final QuietFiles quietFiles;
    private final Sources sources;
    private final InterruptedLeads interruptedLeads;
    private final UnfinishedSources unfinishedSources;
    private final SourceQueues sourceQueues;
    private final Polls polls;
    private final FileIntake fileIntake;
    private final ControlFiles controlFiles;
    private final Cancellations cancellations;
    private final Pauses pauses;
    private final Suppression suppression;
    private final LeftInInbox leftInInbox;

    IntakeModule(Foundation foundation, ApiModule api) {
        this.foundation = foundation;
        this.shutdown = api.shutdown();
        Ledger ledger = foundation.ledger();
        Settings settings = foundation.settings();
        DataFolders folders = foundation.folders();
        Clock clock = foundation.clock();
        this.quietFiles = new QuietFiles(settings.quietTime());
        this.sources = new Sources(ledger);
        this.interruptedLeads =
                new InterruptedLeads(ledger, foundation.events(), settings.settleTime(), foundation.journal());
        this.fileIntake = new FileIntake(
                folders, sources, foundation.mappers(), SourceOptions.byOutbound(settings, folders), quietFiles, clock);
        this.unfinishedSources = new UnfinishedSources(sources, interruptedLeads, fileIntake, shutdown, clock);
        this.sourceQueues = new SourceQueues(
                unfinishedSources,
                settings.byOutbound(Outbound::name).keySet(),
                settings.filesAtOnce(),
                settings.maxInFlight(),
                shutdown);
        this.polls = new Polls(Stream.of(Source.Operation.values())
                .map(Source.Operation::folder)
                .collect(Collectors.toSet()));
        this.controlFiles = new ControlFiles(folders, foundation.atomicFiles());
        this.cancellations = new Cancellations(fileIntake, sources, ledger, folders, controlFiles, api.breakers());
        this.pauses = new Pauses(
                fileIntake,
                sources,
                ledger,
                folders,
                controlFiles,
                api.breakers().holds());
        this.suppression = new Suppression(
                folders,
                settings.outbounds(),
                new ListReader(new PhoneNumbers(), ledger.keyedHash(), folders.scratch()),
                api.breakers(),
                quietFiles,
                clock);
        this.leftInInbox =
                new LeftInInbox(folders, settings.byOutbound(Outbound::name).keySet(), fileIntake, quietFiles);
    }

    void bind(Main camel) {
        StoppedLeads stopped = new StoppedLeads(foundation.ledger());
        StopRequests requests =
                new StopRequests(sources, foundation.folders(), foundation.atomicFiles(), shutdown, foundation.clock());
        camel.bind("cancellations", cancellations);
        camel.bind("controlFiles", controlFiles);
        camel.bind("fileIntake", fileIntake);
        camel.bind("leftInInbox", leftInInbox);
        camel.bind("pauses", pauses);
        camel.bind("polls", polls);
        camel.bind("recalledLeads", new RecalledLeads(cancellations, stopped, requests));
        camel.bind("routeErrorReport", new RouteErrorReport(unfinishedSources));
        camel.bind("sourceQueues", sourceQueues);
        camel.bind("sources", sources);
        camel.bind("stableFileFilter", new StableFileFilter(quietFiles));
        camel.bind("suppressedLeads", new SuppressedLeads(suppression, stopped, requests));
        camel.bind("suppression", suppression);
        camel.bind("unfinishedSources", unfinishedSources);
    }

    /** Takes up what the last run left. @return how many leads were on the wire when it ended */
    int recoverAtStart() {
        int interrupted = interruptedLeads.recoverAtStart(foundation.clock().instant());
        fileIntake.recoverAtStart();
        suppression.look();
        pauses.recoverAtStart();
        foundation.settings().outbounds().forEach(outbound -> {
            cancellations.recoverAtStart(outbound.name());
            pauses.recoverAtStart(outbound.name());
        });
        return interrupted;
    }

    SourceQueues sourceQueues() {
        return sourceQueues;
    }

    Polls polls() {
        return polls;
    }

    Sources sources() {
        return sources;
    }

    InterruptedLeads interruptedLeads() {
        return interruptedLeads;
    }

    UnfinishedSources unfinishedSources() {
        return unfinishedSources;
    }

    FileIntake fileIntake() {
        return fileIntake;
    }

    ControlFiles controlFiles() {
        return controlFiles;
    }

    Cancellations cancellations() {
        return cancellations;
    }

    LeftInInbox leftInInbox() {
        return leftInInbox;
    }

    Pauses pauses() {
        return pauses;
    }

    Suppression suppression() {
        return suppression;
    }
}
