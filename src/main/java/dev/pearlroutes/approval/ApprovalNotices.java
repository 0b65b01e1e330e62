package dev.pearlroutes.approval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.ControlFile;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.receipts.ReceiptFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** The notices {@code F.needs-approval} in an inbox: the receipt that a check of F would have, and why F waits for a person. */
public final class ApprovalNotices {
    private final DataFolders folders;
    private final AtomicFiles atomicFiles;
    private final ReceiptFiles receiptFiles;
    private final ObjectMapper json = new ObjectMapper();

    public ApprovalNotices(DataFolders folders, AtomicFiles atomicFiles, ReceiptFiles receiptFiles) {
        this.folders = folders;
        this.atomicFiles = atomicFiles;
        this.receiptFiles = receiptFiles;
    }

    /**
     * Writes the notice of a source.
     *
     * @param counts rows by what would become of them; every state is there
     * @param more adds to the receipt what else it says
     */
    void write(Source source, Map<RowState, Long> counts, Consumer<ObjectNode> more) throws IOException {
        ObjectNode receipt = receiptFiles.preview(source, counts);
        more.accept(receipt);
        atomicFiles.write(fileOf(source), json.writerWithDefaultPrettyPrinter().writeValueAsString(receipt) + "\n");
    }

    void remove(Source source) throws IOException {
        Files.deleteIfExists(fileOf(source));
    }

    Path fileOf(Source source) {
        return folders.inbox(source.outbound()).resolve(source.name() + ControlFile.NEEDS_APPROVAL);
    }
}
