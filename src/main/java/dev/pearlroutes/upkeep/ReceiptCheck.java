package dev.pearlroutes.upkeep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.LedgerCheck.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The comparison of the receipts in {@code done/} with the ledger. One that was taken away is no finding. */
final class ReceiptCheck {
    private final DataFolders folders;
    private final ObjectMapper json = new ObjectMapper();

    ReceiptCheck(DataFolders folders) {
        this.folders = folders;
    }

    List<String> findings(List<Finished> sources) {
        List<String> findings = new ArrayList<>();
        for (Finished source : sources) {
            Path receipt = folders.done(source.outbound(), source.operation()).resolve(source.name() + ".receipt.json");
            // One that is about to be rewritten has less than the ledger for a moment.
            if (!source.changed() && Files.exists(receipt)) {
                compare(source, receipt, findings);
            }
        }
        return findings;
    }

    private void compare(Finished source, Path file, List<String> findings) {
        JsonNode receipt;
        try {
            receipt = json.readTree(file.toFile());
        } catch (IOException e) {
            findings.add(file + " cannot be read as JSON");
            return;
        }
        source.counts().forEach((word, count) -> {
            if (receipt.path(word).asLong(-1) != count) {
                findings.add(
                        file + " says " + word + " " + receipt.path(word).asText("nothing") + ", the ledger " + count);
            }
        });
    }
}
