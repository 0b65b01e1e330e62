package dev.pearlroutes.receipts;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.RecordedRows;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The result files of a source: one projection of the dropped file and the ledger, matched by row number. A file without rows
 * is not written, and one that lost its last row is removed.
 */
public final class ResultFiles {
    /** Rows whose outcomes are read from the ledger at once, so that memory is constant and no long read holds up the sending. */
    private static final int PAGE = 100;

    private final FileIntake fileIntake;
    private final Ledger ledger;
    private final AtomicFiles atomicFiles;

    public ResultFiles(FileIntake fileIntake, Ledger ledger, AtomicFiles atomicFiles) {
        this.fileIntake = fileIntake;
        this.ledger = ledger;
        this.atomicFiles = atomicFiles;
    }

    /** The files by the outcomes they list. */
    private enum Kind {
        ACCEPTED,
        UPDATED,
        FOUND,
        MISSING,
        REJECTED,
        SKIPPED,
        UNKNOWN;

        static Kind of(RowState state) {
            return switch (state) {
                case ACCEPTED -> ACCEPTED;
                case UPDATED -> UPDATED;
                case FOUND -> FOUND;
                case MISSING -> MISSING;
                case REJECTED -> REJECTED;
                case DUPLICATE, SUPPRESSED, CANCELLED -> SKIPPED;
                case UNKNOWN, SENDING -> UNKNOWN;
            };
        }

        /** @param found what a look-up found; empty for other rows */
        Map<String, Object> extraColumns(Source.Operation operation, Outcome outcome, Map<String, Object> found) {
            Map<String, Object> extra = new LinkedHashMap<>(found);
            if (this == ACCEPTED) {
                if (operation == Source.Operation.ADD) {
                    extra.put("leadId", outcome.leadId());
                }
            } else if (this == UPDATED || this == FOUND) {
                extra.put("_leadId", outcome.leadId());
            } else {
                extra.put("_line", outcome.line());
                extra.put("_reason", outcome.reason());
            }
            return extra;
        }

        Path beside(Path done, boolean csv) {
            return done.resolveSibling(
                    done.getFileName() + "." + name().toLowerCase(Locale.ROOT) + (csv ? ".csv" : ".jsonl"));
        }
    }

    /**
     * Writes the result files beside where the dropped file ends up. Their names become durable with the next sync of that folder.
     *
     * @param file where the dropped file is now
     * @param done where it will be, which names the result files
     * @param isNew whether none of them can be there from an earlier writing
     */
    public void write(Source source, Path file, Path done, boolean isNew) throws IOException {
        write(source, file, done, isNew, page -> outcomes(source, page));
    }

    /**
     * Writes the same files by other outcomes than the ledger's.
     *
     * @param outcomes of the rows of a page by their numbers; null to give the writing up
     * @return false when it was given up, and then no file has changed
     * @throws UnreadableSourceException when the file reads as another number of rows than it did, and then none has either
     */
    public boolean write(
            Source source, Path file, Path done, boolean isNew, Function<List<Row>, Map<Long, Outcome>> outcomes)
            throws IOException {
        try (RowReader reader = fileIntake.open(source, file);
                Sheets sheets = new Sheets(source.operation(), reader, done, isNew)) {
            long rows = 0;
            for (List<Row> page = reader.next(PAGE); !page.isEmpty(); page = reader.next(PAGE)) {
                rows += page.size();
                if (rows > source.rows()) {
                    break;
                }
                Map<Long, Outcome> ofPage = outcomes.apply(page);
                if (ofPage == null) {
                    return false;
                }
                Map<Long, Map<String, Object>> found =
                        source.operation() == Source.Operation.LOOKUP ? found(source, page) : Map.of();
                for (Row row : page) {
                    sheets.write(row, ofPage.get(row.number()), found.getOrDefault(row.number(), Map.of()));
                }
            }
            RecordedRows.checkCount(source, rows);
            sheets.finish();
            return true;
        }
    }

    /** Removes the result files of a source. @param done where its file is */
    public static void remove(Path done) throws IOException {
        for (Kind kind : Kind.values()) {
            AtomicFiles.remove(kind.beside(done, true));
            AtomicFiles.remove(kind.beside(done, false));
        }
    }

    private Map<Long, Outcome> outcomes(Source source, List<Row> page) {
        return ledger.read(tx -> tx.leadRows().outcomes(source, first(page), last(page)));
    }

    private Map<Long, Map<String, Object>> found(Source source, List<Row> page) {
        return ledger.read(tx -> tx.leadRows().found(source, first(page), last(page)));
    }

    private static long first(List<Row> page) {
        return page.get(0).number();
    }

    private static long last(List<Row> page) {
        return page.get(page.size() - 1).number();
    }

    private final class Sheets implements AutoCloseable {
        private final Source.Operation operation;
        private final RowReader reader;
        private final Path done;
        private final boolean isNew;
        private final Map<Kind, ResultSheet> open = new LinkedHashMap<>();

        private Sheets(Source.Operation operation, RowReader reader, Path done, boolean isNew) {
            this.operation = operation;
            this.reader = reader;
            this.done = done;
            this.isNew = isNew;
        }

        private void write(Row row, Outcome outcome, Map<String, Object> found) throws IOException {
            Kind kind = Kind.of(outcome.state());
            ResultSheet sheet = open.get(kind);
            if (sheet == null) {
                sheet = new ResultSheet(atomicFiles.draft(path(kind)), reader);
                open.put(kind, sheet);
            }
            sheet.write(row, kind.extraColumns(operation, outcome, found));
        }

        private void finish() throws IOException {
            for (Kind kind : Kind.values()) {
                if (open.containsKey(kind)) {
                    open.get(kind).finish();
                } else if (!isNew) {
                    AtomicFiles.remove(path(kind));
                }
            }
        }

        private Path path(Kind kind) {
            return kind.beside(done, reader.tabular());
        }

        @Override
        public void close() throws IOException {
            for (ResultSheet sheet : open.values()) {
                sheet.close();
            }
        }
    }
}
