package dev.pearlroutes.app;

import dev.pearlroutes.approval.ApprovalNotices;
import dev.pearlroutes.approval.ApprovalStore;
import dev.pearlroutes.approval.Approvals;
import dev.pearlroutes.approval.DryRun;
import dev.pearlroutes.approval.DryRunLedger;
import dev.pearlroutes.approval.Preflight;
import dev.pearlroutes.approval.SendLimits;
import dev.pearlroutes.approval.SendingForecast;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.receipts.FailedSources;
import dev.pearlroutes.receipts.FinishedFileWatch;
import dev.pearlroutes.receipts.OutcomeFiles;
import dev.pearlroutes.receipts.ReceiptFiles;
import dev.pearlroutes.receipts.ReceiptRefresh;
import dev.pearlroutes.receipts.Receipts;
import dev.pearlroutes.receipts.ResultFiles;
import dev.pearlroutes.receipts.RowResults;
import java.time.Clock;
import org.apache.camel.main.Main;

/** The beans that write the files beside a finished file, and those that ask a person before a file is sent. */
final class ReceiptsModule {
    private final Foundation foundation;
    private final IntakeModule intake;
    private final OutcomeFiles outcomeFiles;
    private final ReceiptFiles receiptFiles;
    private final Receipts receipts;
    private final FailedSources failedSources;
    private final FinishedFileWatch watch;
    private final ApprovalStore store;
    private final Approvals approvals;
    private final Preflight preflight;
    private final SendLimits limits;

    ReceiptsModule(Foundation foundation, ApiModule api, IntakeModule intake, SendingModule sending) {
        this.foundation = foundation;
        this.intake = intake;
        Ledger ledger = foundation.ledger();
        DataFolders folders = foundation.folders();
        AtomicFiles atomicFiles = foundation.atomicFiles();
        Clock clock = foundation.clock();
        this.outcomeFiles = new OutcomeFiles(
                folders, atomicFiles, intake.fileIntake(), new RowResults(ledger), api.shutdown(), clock);
        ResultFiles resultFiles = new ResultFiles(intake.fileIntake(), ledger, atomicFiles);
        this.receiptFiles = new ReceiptFiles(folders, atomicFiles, intake.sources(), intake.suppression());
        this.receipts = new Receipts(
                intake.fileIntake(), folders, resultFiles, outcomeFiles, receiptFiles, foundation.events());
        this.failedSources = new FailedSources(folders, atomicFiles, intake.sources(), foundation.events());
        this.watch = new FinishedFileWatch(folders, intake.sources(), intake.fileIntake(), failedSources, clock);
        this.store = new ApprovalStore(ledger);
        this.approvals = new Approvals(store, intake.controlFiles());
        DryRun dryRun = new DryRun(
                sending.intents(),
                new DryRunLedger.Factory(sending.planner(), folders, clock),
                intake.suppression(),
                api.shutdown());
        this.preflight = new Preflight(
                dryRun, resultFiles, receipts, folders, new SendingForecast(api.rate(), sending.releases()));
        this.limits = new SendLimits(
                foundation.settings().byOutbound(Outbound::limits),
                store,
                preflight,
                new ApprovalNotices(folders, atomicFiles, receiptFiles),
                intake.cancellations(),
                clock);
    }

    void bind(Main camel) {
        camel.bind("approvals", approvals);
        camel.bind("failedSources", failedSources);
        camel.bind("finishedFileWatch", watch);
        camel.bind("outcomeFiles", outcomeFiles);
        camel.bind("preflight", preflight);
        camel.bind(
                "receiptRefresh",
                new ReceiptRefresh(
                        intake.sources(),
                        intake.fileIntake(),
                        receipts,
                        receiptFiles,
                        foundation.events(),
                        foundation.clock()));
        camel.bind("receipts", receipts);
        camel.bind("sendLimits", limits);
    }

    OutcomeFiles outcomeFiles() {
        return outcomeFiles;
    }

    FinishedFileWatch watch() {
        return watch;
    }

    Preflight preflight() {
        return preflight;
    }

    Approvals approvals() {
        return approvals;
    }

    ReceiptFiles receiptFiles() {
        return receiptFiles;
    }

    SendLimits limits() {
        return limits;
    }
}
