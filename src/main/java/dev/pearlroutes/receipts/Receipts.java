package dev.pearlroutes.receipts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.ledger.Sources;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a source: result files, then the dropped file, then the receipt, each step repeatable after a crash. */
public final class Receipts {
    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(30);

    private final DataFolders folders;
    private final AtomicFiles wholeFiles;
    private final Sources sources;
    private final FileIntake leadFiles;
    private final ResultFiles resultFiles;
    private final OutcomeFiles outcomeFiles;
    private final Events events;
    private final Function<Source, String> suppression;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Long, Instant> refreshed = new ConcurrentHashMap<>();
    /** Sources whose last refresh came to no end: they are left alone as long as those of which more are unknown. */
    private final Set<Long> troubled = ConcurrentHashMap.newKeySet();

    /** @param suppression what the receipt says of the suppression lists, as JSON; null where none was in force */
    public Receipts(
            DataFolders folders,
            AtomicFiles wholeFiles,
            Sources sources,
            FileIntake leadFiles,
            ResultFiles resultFiles,
            OutcomeFiles outcomeFiles,
            Events events,
            Function<Source, String> suppression,
            Clock clock) {
        this.folders = folders;
        this.wholeFiles = wholeFiles;
        this.sources = sources;
        this.leadFiles = leadFiles;
        this.resultFiles = resultFiles;
        this.outcomeFiles = outcomeFiles;
        this.events = events;
        this.suppression = suppression;
        this.clock = clock;
    }

    /** Finishes a source whose every row has an outcome. The receipt is the last file to appear. */
    public void finish(SourceRun run) throws IOException {
        Source source = finishing(run);
        Path done = folders.done(source);
        resultFiles.write(source, run.file(), done, run.isNew());
        if (source.operation() == Source.Operation.ADD) {
            outcomeFiles.write(source, run.file(), done);
        }
        finish(run, source, receipt(source));
    }

    /**
     * Finishes a source of which the ledger has no rows and whose result files are written.
     *
     * @param counts rows by what would become of them; every state is there
     * @param more adds to the receipt what else is to be told
     */
    public void finish(SourceRun run, Map<RowState, Long> counts, Consumer<ObjectNode> more) throws IOException {
        Source source = finishing(run);
        ObjectNode receipt = receipt(source, source.operation(), counts);
        more.accept(receipt);
        finish(run, source, receipt);
    }

    private Source finishing(SourceRun run) {
        // Whoever still writes into the file would find rows in done/ that were never sent.
        leadFiles.unchanged(run.source(), run.file());
        return sources.finishing(run.source().id(), clock.instant(), suppression.apply(run.source()));
    }

    private void finish(SourceRun run, Source source, ObjectNode receipt) throws IOException {
        Path done = folders.done(source);
        // This makes the names of the result files durable too, before there is a receipt that speaks of them.
        if (!run.file().equals(done)) {
            AtomicFiles.rename(run.file(), done);
        }
        folders.sync(done.getParent());
        AtomicFiles.syncFolder(folders.work(source));
        Path receiptFile = writeReceipt(done, receipt);
        boolean checked = source.operation() == Source.Operation.CHECK;
        sources.finished(source.id(), checked ? null : events.ofCompletedFile(source, receipt));
        folders.leaveWork(source);
        LOG.info(
                "{} of {}: {}read {} = {}. Receipt: {}",
                source.name(),
                source.outbound(),
                checked ? "checked, nothing was sent; " : "",
                receipt.get("read"),
                source.operation().states().stream()
                        .map(state -> state.word() + " " + receipt.get(state.word()))
                        .collect(Collectors.joining(" + ")),
                receiptFile);
    }

    /**
     * Writes the files of a finished source anew, because unknown rows of it were settled. While more are unknown that is done
     * from time to time only, since each writing reads the whole source.
     */
    public void refresh(Sources.Changed changed) throws IOException {
        Source source = changed.source();
        if (!leadFiles.knows(source)) {
            // How its file is to be read is not known until its outbound is configured again.
            return;
        }
        if (source.operation() == Source.Operation.CHECK) {
            // A person was erased from it, and only another check can tell its rows again.
            ResultFiles.remove(folders.done(source));
            sources.covered(changed, null);
            return;
        }
        Instant now = clock.instant();
        Instant last = refreshed.getOrDefault(source.id(), Instant.MIN);
        // Asked each second: the rows are counted only when the receipt is written.
        if (now.isBefore(last.plus(REFRESH_INTERVAL))
                && (troubled.contains(source.id()) || sources.anyUnknown(source))) {
            return;
        }
        refreshed.put(source.id(), now);
        troubled.add(source.id());
        ObjectNode receipt = receipt(source);
        boolean settled = receipt.get("unknown").asLong() == 0;
        Path done = folders.done(source);
        // The rows of another file mean nothing here.
        if (leadFiles.isUnchanged(source, done)) {
            resultFiles.write(source, done, done, false);
            folders.sync(done.getParent());
            writeReceipt(done, receipt);
            LOG.info(
                    "{} of {}: its receipt is written anew, unknown {}",
                    source.name(),
                    source.outbound(),
                    receipt.get("unknown"));
        } else {
            LOG.warn("{} is gone or was changed, so that its result files stay as they are", done);
        }
        sources.covered(changed, settled ? events.ofSettledFile(source, receipt) : null);
        troubled.remove(source.id());
        if (settled) {
            refreshed.remove(source.id());
        }
    }

    /** Sets aside a source that cannot be read, with the reason beside it and how much of it was sent. */
    public void fail(long sourceId, UnreadableSourceException why) throws IOException {
        Source source = sources.find(sourceId).orElseThrow();
        Path failed = folders.failed(source);
        Path reasonFile = failed.resolveSibling(source.name() + ".reason.txt");
        Path file = folders.locate(source);
        // After a crash the file may be in its place already, with the true reason beside it: that it is gone is none.
        boolean setAside = file == null && Files.exists(failed) && Files.exists(reasonFile);
        String reason = setAside ? Files.readString(reasonFile).strip() : why.getMessage() + "; " + sent(source);
        if (!setAside) {
            wholeFiles.write(reasonFile, reason + "\n");
        }
        if (file != null) {
            AtomicFiles.move(file, failed);
        }
        boolean checked = source.operation() == Source.Operation.CHECK;
        sources.failed(sourceId, reason, checked ? null : events.ofFailedFile(source, reason));
        folders.leaveWork(source);
        LOG.error(
                "{} of {} cannot be used: {}. It is in {}",
                source.name(),
                source.outbound(),
                reason,
                failed.getParent());
    }

    private String sent(Source source) {
        if (source.state() == Source.State.CLAIMED || source.operation() == Source.Operation.CHECK) {
            return "nothing of it was sent";
        }
        Map<RowState, Long> counts = sources.counts(source.id());
        RowState success = source.operation().states().get(0);
        return "of its " + source.rows() + " rows " + counts.get(success) + " were " + success.word() + " and "
                + counts.get(RowState.UNKNOWN) + " are unknown";
    }

    private Path writeReceipt(Path done, ObjectNode receipt) throws IOException {
        Path file = done.resolveSibling(done.getFileName() + ".receipt.json");
        try (AtomicFiles.Draft draft = wholeFiles.draft(file)) {
            draft.writer().write(json.writerWithDefaultPrettyPrinter().writeValueAsString(receipt) + "\n");
            draft.appear();
        }
        folders.sync(file.getParent());
        return file;
    }

    /** What became of the rows of a source, by numbers. */
    ObjectNode receipt(Source source) {
        return receipt(source, source.operation(), sources.counts(source.id()));
    }

    /**
     * The receipt of a check of a source that is not finished.
     *
     * @param counts rows by what would become of them; every state is there
     */
    public ObjectNode preview(Source source, Map<RowState, Long> counts) {
        return receipt(source, Source.Operation.CHECK, counts);
    }

    private ObjectNode receipt(Source source, Source.Operation operation, Map<RowState, Long> rows) {
        Map<RowState, Long> counts = new EnumMap<>(rows);
        ObjectNode receipt = json.createObjectNode();
        if (source.message()) {
            receipt.put("queue", source.queue());
            receipt.put("messageId", source.droppedAs());
        } else {
            receipt.put("file", source.name());
        }
        receipt.put("sha256", source.sha256());
        receipt.put("outbound", source.outbound());
        if (operation != Source.Operation.ADD) {
            receipt.put("operation", operation.word());
        }
        receipt.put("read", source.rows());
        // A row that is being sent again at this moment is one whose outcome is not known.
        counts.merge(RowState.UNKNOWN, counts.remove(RowState.SENDING), Long::sum);
        long remainder = source.rows();
        for (RowState state : operation.states()) {
            receipt.put(state.word(), counts.get(state));
            remainder -= counts.get(state);
        }
        if (remainder != 0) {
            throw new IllegalStateException(
                    source.name() + ": " + remainder + " of " + source.rows() + " rows have no outcome in the ledger");
        }
        boolean finished = source.finishedAt() != null;
        String lists = finished ? source.suppression() : suppression.apply(source);
        if (lists != null) {
            receipt.putRawValue("suppression", new RawValue(lists));
        }
        receipt.put("startedAt", source.startedAt().toString());
        if (finished) {
            receipt.put("finishedAt", source.finishedAt().toString());
        }
        return receipt;
    }
}
