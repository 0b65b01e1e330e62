package dev.pearlroutes.recall;

import static dev.pearlroutes.model.Source.State.FINISHED;

import dev.pearlroutes.files.ControlFile;
import dev.pearlroutes.files.ControlFiles;
import dev.pearlroutes.files.ControlFiles.Result;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.SourceDecisions.Cancelled;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.WithheldException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lead files that people cancelled by a {@code F.cancel} beside F: what is not yet sent of F is not sent any more. When it says
 * {@code recall}, the leads that were sent are stopped as well.
 */
public final class Cancellations {
    /** Why a row of a cancelled file is not sent. */
    public static final String REASON = "cancelled before it was sent";

    private static final String RECALL = "recall";

    private final FileIntake fileIntake;
    private final Sources sources;
    private final Ledger ledger;
    private final DataFolders folders;
    private final ControlFiles controlFiles;
    private final CircuitBreakers breakers;
    private final Map<Long, Cancelled> cancelled = new ConcurrentHashMap<>();
    private final Set<Long> toRecall = ConcurrentHashMap.newKeySet();

    public Cancellations(
            FileIntake fileIntake,
            Sources sources,
            Ledger ledger,
            DataFolders folders,
            ControlFiles controlFiles,
            CircuitBreakers breakers) {
        this.fileIntake = fileIntake;
        this.sources = sources;
        this.ledger = ledger;
        this.folders = folders;
        this.controlFiles = controlFiles;
        this.breakers = breakers;
    }

    /** Loads what was cancelled before, and carries out what lies in an inbox. Comes before any file is taken. */
    public void recoverAtStart(String outbound) {
        reload();
        File[] dropped = folders.inbox(outbound)
                .toFile()
                .listFiles((folder, name) -> ControlFile.isNamed(name, ControlFile.CANCEL));
        for (File file : dropped == null ? new File[0] : dropped) {
            try {
                cancel(outbound, file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Carries out {@code F.cancel}; one for a file that is being written is carried out when that is complete. */
    public void cancel(String outbound, File file) throws IOException {
        controlFiles.carryOut(
                outbound, file, ControlFile.CANCEL, "nothing was cancelled", control -> cancel(outbound, control));
    }

    private Result cancel(String outbound, ControlFile control) throws IOException {
        boolean recall = control.text().equalsIgnoreCase(RECALL);
        if (!control.text().isEmpty() && !recall) {
            return Result.refused("says neither nothing, to send no more of the file, nor `recall`");
        }
        File waiting = control.waiting();
        if (waiting.exists() && !fileIntake.isComplete(waiting)) {
            return Result.later();
        }
        Optional<Long> claimed = waiting.exists()
                ? Optional.ofNullable(fileIntake.claim(outbound, Source.Operation.ADD, waiting))
                : Optional.empty();
        Optional<Long> source =
                claimed.or(() -> ledger.transaction(tx -> tx.sourceDecisions().newestNamed(outbound, control.name())));
        if (source.isEmpty()) {
            return Result.refused("names no lead file of this outbound that is waiting, being sent or done");
        }
        // Back in the inbox after a power cut, and with the other file gone, it would be sent.
        claimed.ifPresent(fileIntake::keep);
        Result result = cancel(source.get(), recall);
        claimed.ifPresent(sources::release);
        return result;
    }

    /** Sends no more of a source of leads, as {@code F.cancel} does. @param recall whether its leads that were sent are stopped too */
    public Result cancelSource(Source source, boolean recall) {
        return source.operation() == Source.Operation.ADD && (source.unfinished() || source.state() == FINISHED)
                ? cancel(source.id(), recall)
                : Result.refused("names no source of leads that is waiting, being sent or done");
    }

    /** A recall that is asked for again takes in what was let be called since. */
    private Result cancel(long sourceId, boolean recall) {
        ledger.execute(tx -> {
            tx.sources().cancel(sourceId, recall);
            tx.meta().resume(sourceId);
            if (recall) {
                tx.leads().forgetReopened(sourceId);
            }
        });
        reload();
        breakers.holds().resume(sourceId);
        breakers.wake();
        return Result.done(recall ? "recalled" : "cancelled");
    }

    /** Tells whether nothing more of a source may be sent. */
    public boolean isCancelled(long sourceId) {
        return cancelled.containsKey(sourceId);
    }

    /** Checks a request last of all. @throws WithheldException when the source it belongs to is cancelled */
    public void check(AddLeadRequest request) {
        if (isCancelled(request.sourceId())) {
            throw new WithheldException(Answer.Kind.CANCELLED, REASON);
        }
    }

    /** Notes that a lead can be called from now on, which may be one of a recalled source. */
    public void onAccepted(String outbound, byte[] phone) {
        cancelled.values().stream()
                .filter(source -> source.recall() && source.outbound().equals(outbound))
                .forEach(source -> toRecall.add(source.sourceId()));
    }

    /** Numbers of the recalled sources that may have leads to be stopped. */
    Set<Long> toRecall() {
        return toRecall;
    }

    Cancelled source(long id) {
        return cancelled.get(id);
    }

    private void reload() {
        List<Cancelled> all = ledger.transaction(tx -> tx.sourceDecisions().cancelled());
        for (Cancelled source : all) {
            cancelled.put(source.sourceId(), source);
            if (source.recall()) {
                toRecall.add(source.sourceId());
            }
        }
    }
}
