package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.receipts.Replies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The receipts of finished sources without their rows: of a file what lies beside it, of a message what the ledger counts. */
final class ReceiptSummaries {
    /** Counts that are kept: those of a message cost a look at each of its rows. */
    private static final int MOST_KEPT = 1_000;

    private final Replies replies;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Long, JsonNode> kept = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, JsonNode> eldest) {
            return size() > MOST_KEPT;
        }
    });

    ReceiptSummaries(Replies replies) {
        this.replies = replies;
    }

    /** @param file the receipt of a file; null where there is none */
    Optional<JsonNode> of(Source source, Path file) {
        return source.message() ? Optional.of(counted(source)) : read(file);
    }

    private JsonNode counted(Source message) {
        JsonNode known = kept.get(message.id());
        if (known != null) {
            return known;
        }
        JsonNode receipt = replies.receipt(message);
        if (receipt.path("unknown").asLong() == 0) {
            kept.put(message.id(), receipt);
        }
        return receipt;
    }

    private Optional<JsonNode> read(Path file) {
        try {
            return file == null ? Optional.empty() : Optional.of(json.readTree(file.toFile()));
        } catch (IOException e) {
            // Somebody takes it away or writes to it: the list does without it.
            return Optional.empty();
        }
    }
}
