package dev.pearlroutes.receipts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.suppression.Suppression;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** What became of the rows of a source, by numbers that add up to the rows read, and the file that says so. */
public final class ReceiptFiles {
    /** Operations whose rows are checked against the suppression lists. */
    private static final Set<Source.Operation> SUPPRESSIBLE =
            Set.of(Source.Operation.ADD, Source.Operation.UPDATE, Source.Operation.CHECK);

    private final DataFolders folders;
    private final AtomicFiles atomicFiles;
    private final Sources sources;
    private final Suppression suppression;
    private final ObjectMapper json = new ObjectMapper();

    /** @param suppression null where no list is in force */
    public ReceiptFiles(DataFolders folders, AtomicFiles atomicFiles, Sources sources, Suppression suppression) {
        this.folders = folders;
        this.atomicFiles = atomicFiles;
        this.sources = sources;
        this.suppression = suppression;
    }

    /** Makes the receipt of a source each of whose rows has an outcome. */
    ObjectNode of(Source source) {
        return of(source, source.operation(), sources.counts(source.id()));
    }

    /** Makes the receipt so far of a scanned source; {@code remaining} rows have no outcome yet. */
    public ObjectNode soFar(Source source) {
        return of(source, source.operation(), sources.counts(source.id()), true);
    }

    /** Makes the receipt of a source of which the ledger has no rows. @param counts rows by state; every state is there */
    ObjectNode of(Source source, Map<RowState, Long> counts) {
        return of(source, source.operation(), counts);
    }

    /** Makes the receipt that a check of an unfinished source has. @param counts rows by state; every state is there */
    public ObjectNode preview(Source source, Map<RowState, Long> counts) {
        return of(source, Source.Operation.CHECK, counts);
    }

    /** Describes the suppression lists that a source is sent under, as JSON; null when there are none. */
    String suppression(Source source) {
        return suppression != null && SUPPRESSIBLE.contains(source.operation())
                ? suppression.describe(source.outbound())
                : null;
    }

    /** Writes a receipt beside the file of its source; it is durable then. @return the file */
    Path write(Source source, ObjectNode receipt) throws IOException {
        Path file = fileOf(source);
        try (AtomicFiles.Draft draft = atomicFiles.draft(file)) {
            draft.writer().write(json.writerWithDefaultPrettyPrinter().writeValueAsString(receipt) + "\n");
            draft.appear();
        }
        folders.sync(file.getParent());
        return file;
    }

    Path fileOf(Source source) {
        return folders.done(source).resolveSibling(source.name() + ".receipt.json");
    }

    private ObjectNode of(Source source, Source.Operation operation, Map<RowState, Long> rows) {
        return of(source, operation, rows, false);
    }

    /** @param isOpen whether rows may have no outcome yet */
    private ObjectNode of(Source source, Source.Operation operation, Map<RowState, Long> rows, boolean isOpen) {
        Map<RowState, Long> counts = new EnumMap<>(rows);
        ObjectNode receipt = json.createObjectNode();
        if (source.request()) {
            receipt.put("request", Long.toString(source.id()));
            if (!source.droppedAs().isEmpty()) {
                receipt.put("idempotencyKey", source.droppedAs());
            }
        } else if (source.message()) {
            receipt.put("queue", source.queue());
            receipt.put("messageId", source.droppedAs());
        } else {
            receipt.put("file", source.name());
        }
        if (source.sheet() != null) {
            receipt.put("sheet", source.sheet());
        }
        receipt.put("sha256", source.sha256());
        receipt.put("outbound", source.outbound());
        if (operation != Source.Operation.ADD) {
            receipt.put("operation", operation.word());
        }
        receipt.put("read", source.rows());
        boolean finished = source.finishedAt() != null;
        long sending = counts.remove(RowState.SENDING);
        if (finished || !isOpen) {
            // A row that is being sent again at this moment is one whose outcome is not known.
            counts.merge(RowState.UNKNOWN, sending, Long::sum);
        }
        long remainder = source.rows();
        for (RowState state : operation.states()) {
            receipt.put(state.word(), counts.get(state));
            remainder -= counts.get(state);
        }
        if (isOpen && !finished) {
            receipt.put("remaining", remainder);
        } else if (remainder != 0) {
            throw new IllegalStateException(
                    source.name() + ": " + remainder + " of " + source.rows() + " rows have no outcome in the ledger");
        }
        String lists = finished ? source.suppression() : suppression(source);
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
