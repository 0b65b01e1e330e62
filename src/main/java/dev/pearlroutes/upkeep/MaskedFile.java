package dev.pearlroutes.upkeep;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.receipts.ResultSheet;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The copy of a lead file in which some rows are masked; every other row keeps its number and its content. */
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
        try (RowReader reader = fileIntake.open(source, file);
                AtomicFiles.Draft draft = atomicFiles.draft(copy, gzip)) {
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
        // Before the ledger records it.
        AtomicFiles.syncFolder(copy.getParent());
        return copy;
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
