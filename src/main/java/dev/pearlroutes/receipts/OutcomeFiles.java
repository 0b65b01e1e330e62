package dev.pearlroutes.receipts;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.RecordedRows;
import dev.pearlroutes.intake.SourceLog;
import dev.pearlroutes.ledger.tables.SourceTable.Outdated;
import dev.pearlroutes.model.RowResult;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outcomes files: every row of a source with its outcome, one table for the people who dropped the file. Each is written
 * at the finish and again as the outcomes change, always as a whole, since any row may have changed.
 */
public final class OutcomeFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OutcomeFiles.class);

    /** Rows read from the ledger at once, so that memory is constant and no long read holds up the sending. */
    private static final int PAGE = 500;

    /** Shortest time between two writings of a file. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(30);

    /** Factor by which that time is longer than the last writing took. */
    private static final int INTERVAL_PER_WRITING = 20;

    private final DataFolders folders;
    private final AtomicFiles atomicFiles;
    private final FileIntake fileIntake;
    private final RowResults results;
    private final Shutdown shutdown;
    private final Clock clock;
    private final Map<Long, Instant> nextWritings = new ConcurrentHashMap<>();
    private final Map<Long, String> problems = new ConcurrentHashMap<>();
    private final Set<Long> gone = ConcurrentHashMap.newKeySet();

    /** @param shutdown after which a file that is being written has to wait for the next start */
    public OutcomeFiles(
            DataFolders folders,
            AtomicFiles atomicFiles,
            FileIntake fileIntake,
            RowResults results,
            Shutdown shutdown,
            Clock clock) {
        this.folders = folders;
        this.atomicFiles = atomicFiles;
        this.fileIntake = fileIntake;
        this.results = results;
        this.shutdown = shutdown;
        this.clock = clock;
    }

    /** Lists the finished sources whose outcomes files lack something and were not written just now. */
    public List<Outdated> due() {
        Instant now = clock.instant();
        nextWritings.values().removeIf(until -> !now.isBefore(until));
        return results.outdated().stream()
                .filter(outdated -> fileIntake.knows(outdated.source()))
                .filter(outdated -> !nextWritings.containsKey(outdated.source().id()))
                .toList();
    }

    /**
     * Rewrites the outcomes file of a finished source. One that can't be written is tried again; one whose source's file
     * was taken away or changed, or reads as other rows now, stays as it is, since the rows of another file mean nothing here.
     */
    public void refresh(Outdated outdated) {
        fileIntake.whileFinished(outdated.source(), source -> refresh(new Outdated(source, outdated.at()), source));
    }

    private void refresh(Outdated outdated, Source source) {
        Path done = folders.done(source);
        Instant begun = clock.instant();
        try {
            if (!fileIntake.isUnchanged(source, done)) {
                if (gone.add(source.id())) {
                    LOG.warn("{} is gone or was changed, so that its outcomes file stays as it is", done);
                }
                results.written(outdated);
            } else if (writeUnlessStopped(source, done, done, shutdown::requested)) {
                AtomicFiles.syncFolder(done.getParent());
                results.written(outdated);
            }
            problems.remove(source.id());
        } catch (UnreadableSourceException e) {
            if (gone.add(source.id())) {
                SourceLog.error(LOG, source)
                        .log(
                                "The outcomes file of {} of {} stays as it is, since the file {}",
                                source.name(),
                                source.outbound(),
                                e.getMessage());
            }
            results.written(outdated);
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            String problem = "the outcomes of " + LogText.printable(source.name()) + " of " + source.outbound()
                    + " cannot be written: " + LogText.printable(e.toString());
            if (!problem.equals(problems.put(source.id(), problem))) {
                LOG.warn("{}. It is tried again by itself", problem);
            }
        } finally {
            // Also after an unforeseen failure: the whole file would be read again each second.
            Instant ended = clock.instant();
            Duration wait = Duration.between(begun, ended).multipliedBy(INTERVAL_PER_WRITING);
            nextWritings.put(source.id(), ended.plus(wait.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : wait));
        }
    }

    /** Answers why outcomes files are not written, for health and for people; empty while all is well. */
    public List<String> problems() {
        return problems.values().stream().map(problem -> problem + ".").sorted().toList();
    }

    /**
     * Writes the outcomes file, and the mark beside it that no row is expected to change any more. Its name becomes durable with
     * the next sync of its folder.
     *
     * @param file where the dropped file is now
     * @param done where it will be, which names the outcomes file
     */
    void write(Source source, Path file, Path done) throws IOException {
        writeUnlessStopped(source, file, done, () -> false);
    }

    private boolean writeUnlessStopped(Source source, Path file, Path done, BooleanSupplier stop) throws IOException {
        Path complete = done.resolveSibling(done.getFileName() + ".outcomes.complete");
        try (RowReader reader = fileIntake.open(source, file)) {
            Path target =
                    done.resolveSibling(done.getFileName() + ".outcomes" + (reader.tabular() ? ".csv" : ".jsonl"));
            OutcomeColumns columns = new OutcomeColumns(reader.tabular() ? collectedIds(source) : Set.of());
            boolean allFinal = true;
            long rows = 0;
            try (ResultSheet sheet = new ResultSheet(atomicFiles.draft(target), reader)) {
                sheet.header(columns.names());
                for (List<Row> page = reader.next(PAGE); !page.isEmpty(); page = reader.next(PAGE)) {
                    if (stop.getAsBoolean()) {
                        return false;
                    }
                    Map<Long, RowResult> ofPage = results.of(
                            source,
                            page.get(0).number(),
                            page.get(page.size() - 1).number());
                    rows += page.size();
                    if (rows > source.rows()) {
                        break;
                    }
                    for (Row row : page) {
                        RowResult result = ofPage.get(row.number());
                        allFinal &= result.isFinal();
                        sheet.write(
                                reader.tabular() ? withinHeader(row, reader) : row,
                                reader.tabular() ? columns.cells(result) : columns.members(result));
                    }
                }
                RecordedRows.checkCount(source, rows);
                if (!allFinal) {
                    Files.deleteIfExists(complete);
                }
                sheet.finish();
            }
            if (allFinal && !Files.exists(complete)) {
                // The mark must not be there without what it speaks of.
                AtomicFiles.syncFolder(complete.getParent());
                atomicFiles.write(complete, "");
            }
            return true;
        }
    }

    private Set<String> collectedIds(Source source) {
        Set<String> ids = new HashSet<>();
        for (long from = 1; from <= source.rows(); from += PAGE) {
            ids.addAll(results.collectedIds(source, from, from + PAGE - 1));
        }
        return ids;
    }

    /** Cuts off cells beyond the header, which would push the outcome out of its columns. */
    private static Row withinHeader(Row row, RowReader reader) {
        int columns = reader.columns().size();
        return row.cells().size() <= columns
                ? row
                : new Row(row.number(), row.line(), row.cells().subList(0, columns), row.values(), row.problem());
    }
}
