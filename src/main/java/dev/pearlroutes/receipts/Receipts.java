package dev.pearlroutes.receipts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.SourceLog;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finish of a file, in steps that can each be repeated after a crash: result files, then the dropped file, then the receipt, then
 * its event.
 */
public final class Receipts {
    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

    private final FileIntake fileIntake;
    private final DataFolders folders;
    private final ResultFiles resultFiles;
    private final OutcomeFiles outcomeFiles;
    private final ReceiptFiles receiptFiles;
    private final Events events;
    /** Finished sources that do not read as they did, each told of once. */
    private final Set<Long> stale = ConcurrentHashMap.newKeySet();

    public Receipts(
            FileIntake fileIntake,
            DataFolders folders,
            ResultFiles resultFiles,
            OutcomeFiles outcomeFiles,
            ReceiptFiles receiptFiles,
            Events events) {
        this.fileIntake = fileIntake;
        this.folders = folders;
        this.resultFiles = resultFiles;
        this.outcomeFiles = outcomeFiles;
        this.receiptFiles = receiptFiles;
        this.events = events;
    }

    /**
     * A file that is being finished.
     *
     * @param file where the dropped file was when the finish began
     * @param isNew whether no earlier finish can have left files
     * @param receipt null before the result files are written
     */
    public record Finish(Source source, Path file, boolean isNew, ObjectNode receipt) {
        private Finish with(ObjectNode made) {
            return new Finish(source, file, isNew, made);
        }
    }

    /** Begins the finish of a source whose every row has an outcome: fixes its time and the suppression lists in the ledger. */
    public Finish begin(SourceRun run) {
        Source source = fileIntake.finishing(run, receiptFiles.suppression(run.source()));
        return new Finish(source, run.file(), run.isNew(), null);
    }

    /** Writes the files of the rows; their names are not durable yet. */
    public Finish writeResults(Finish finish) throws IOException {
        Source source = finish.source();
        Path done = folders.done(source);
        resultFiles.write(source, finish.file(), done, finish.isNew());
        if (source.operation() == Source.Operation.ADD) {
            outcomeFiles.write(source, finish.file(), done);
        }
        return finish.with(receiptFiles.of(source));
    }

    /** Moves the dropped file into {@code done/}. */
    public void moveFile(Finish finish) throws IOException {
        Path done = folders.done(finish.source());
        // This makes the names of the result files durable too, before there is a receipt that speaks of them.
        if (!finish.file().equals(done)) {
            AtomicFiles.rename(finish.file(), done);
        }
        folders.sync(done.getParent());
        AtomicFiles.syncFolder(folders.work(finish.source()));
    }

    /** Writes the receipt, the last file to appear. */
    public void writeReceipt(Finish finish) throws IOException {
        receiptFiles.write(finish.source(), finish.receipt());
    }

    /** Records the finish in the ledger, with its event. */
    public void record(Finish finish) {
        Source source = finish.source();
        ObjectNode receipt = finish.receipt();
        boolean checked = source.operation() == Source.Operation.CHECK;
        fileIntake.finished(source, checked ? null : events.ofCompletedFile(source, receipt));
        SourceLog.info(LOG, source)
                .log(
                        "{} of {}: {}read {} = {}. Receipt: {}",
                        source.name(),
                        source.outbound(),
                        checked ? "checked, nothing was sent; " : "",
                        receipt.get("read"),
                        source.operation().states().stream()
                                .map(state -> state.word() + " " + receipt.get(state.word()))
                                .collect(Collectors.joining(" + ")),
                        receiptFiles.fileOf(source));
    }

    /**
     * Finishes a source of which the ledger has no rows and whose result files are written.
     *
     * @param counts rows by what would become of them; every state is there
     * @param more adds to the receipt what else it says
     */
    public void finish(SourceRun run, Map<RowState, Long> counts, Consumer<ObjectNode> more) throws IOException {
        Finish begun = begin(run);
        Finish finish = begun.with(receiptFiles.of(begun.source(), counts));
        more.accept(finish.receipt());
        moveFile(finish);
        writeReceipt(finish);
        record(finish);
    }

    /**
     * Rewrites result files and receipt of a finished source, unless its file was taken away or changed, or reads as other rows now: the
     * rows of another file mean nothing here.
     */
    void rewrite(Source source, ObjectNode receipt) throws IOException {
        Path done = folders.done(source);
        if (!fileIntake.isUnchanged(source, done)) {
            LOG.warn("{} is gone or was changed, so that its result files stay as they are", done);
            return;
        }
        try {
            resultFiles.write(source, done, done, false);
        } catch (UnreadableSourceException e) {
            if (stale.add(source.id())) {
                SourceLog.error(LOG, source)
                        .log(
                                "The result files of {} of {} stay as they are, since the file {}",
                                source.name(),
                                source.outbound(),
                                e.getMessage());
            }
            return;
        }
        folders.sync(done.getParent());
        receiptFiles.write(source, receipt);
        SourceLog.info(LOG, source)
                .log(
                        "{} of {}: its receipt is rewritten, unknown {}",
                        source.name(),
                        source.outbound(),
                        receipt.get("unknown"));
    }

    /** Removes the result files of a finished source. */
    void removeResults(Source source) throws IOException {
        ResultFiles.remove(folders.done(source));
    }
}
