package dev.pearlroutes.upkeep;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.receipts.ResultSheet;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.WorkbookWriter;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The copy of a lead file, or of the body of a request, in which some rows are masked; every other row keeps its number and its content. The copy of a workbook has the one
 * sheet that is read.
 */
public final class MaskedFile {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final FileIntake fileIntake;
    private final AtomicFiles atomicFiles;

    public MaskedFile(FileIntake fileIntake, AtomicFiles atomicFiles) {
        this.fileIntake = fileIntake;
        this.atomicFiles = atomicFiles;
    }

    /**
     * Writes the masked file under a hidden name beside the original, which stays as it is.
     *
     * @param charset in which the source's files are read; the new file is in UTF-8 and says so where that is another
     * @return where it is
     */
    public Path write(Source source, Path file, Set<Long> masked, Charset charset) throws IOException {
        Path copy = FileIntake.masked(file);
        boolean gzip = source.droppedAs().toLowerCase(Locale.ROOT).endsWith(".gz");
        try (RowReader reader = fileIntake.open(source, file)) {
            write(reader, copy, gzip, masked, charset);
        }
        // Before the ledger records it.
        AtomicFiles.syncFolder(copy.getParent());
        return copy;
    }

    /** Returns the body of a request with some rows masked. @param copy where it is written meanwhile */
    byte[] body(RowReader body, Path copy, Set<Long> masked) throws IOException {
        try {
            write(body, copy, false, masked, StandardCharsets.UTF_8);
            return Files.readAllBytes(copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private void write(RowReader reader, Path copy, boolean gzip, Set<Long> masked, Charset charset)
            throws IOException {
        if (reader.sheet() == null) {
            writeText(reader, atomicFiles.draft(copy, gzip), masked, charset);
        } else {
            writeWorkbook(reader, atomicFiles.draft(copy), masked);
        }
    }

    private static void writeText(RowReader reader, AtomicFiles.Draft text, Set<Long> masked, Charset charset)
            throws IOException {
        try (AtomicFiles.Draft draft = text) {
            if (!charset.equals(StandardCharsets.UTF_8)) {
                draft.writer().write(BYTE_ORDER_MARK);
            }
            ResultSheet sheet = ResultSheet.copy(draft, reader);
            while (reader.hasNext()) {
                Row row = reader.next();
                sheet.write(masked.contains(row.number()) ? mask(row, reader.tabular()) : row, Map.of());
            }
            sheet.finish();
        }
    }

    /** The rows of the one sheet that is read, as text. What else is in the workbook may hold the person too, and goes. */
    private static void writeWorkbook(RowReader reader, AtomicFiles.Draft workbook, Set<Long> masked)
            throws IOException {
        try (AtomicFiles.Draft draft = workbook) {
            WorkbookWriter writer = new WorkbookWriter(draft.bytes(), reader.sheet());
            // A column without a name stays one: beyond the last column a row may hold nothing.
            List<String> header = reader.columns().stream()
                    .map(name -> name.isEmpty() ? " " : name)
                    .toList();
            writer.row(1, header, true);
            while (reader.hasNext()) {
                Row row = reader.next();
                writer.row(
                        row.line(),
                        (masked.contains(row.number()) ? mask(row, true) : row).cells(),
                        row.problem() == null);
            }
            writer.finish();
            draft.appear();
        }
    }

    private static Row mask(Row row, boolean csv) {
        return csv
                ? new Row(
                        row.number(),
                        row.line(),
                        row.cells().stream().map(cell -> Erasure.ERASED).toList(),
                        Map.of(),
                        row.problem())
                : new Row(row.number(), row.line(), List.of(), Map.of(Erasure.ERASED, true), row.problem());
    }
}
