package dev.pearlroutes.receipts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.Source;
import java.util.Map;
import java.util.TreeMap;

/** What the sender of a message is answered: the receipt and what became of each row, both out of the ledger. */
public final class Replies {
    private final ReceiptFiles receipts;
    private final Ledger ledger;
    private final ObjectMapper json = new ObjectMapper();

    public Replies(ReceiptFiles receipts, Ledger ledger) {
        this.receipts = receipts;
        this.ledger = ledger;
    }

    /** The reply to a message that is finished, as JSON. */
    public String of(Source message) {
        ObjectNode reply = receipts.of(message);
        ArrayNode rows = reply.putArray("leads");
        Map<Long, Outcome> outcomes = ledger.read(tx -> tx.leadRows().outcomes(message, 1, message.rows()));
        for (Outcome outcome : new TreeMap<>(outcomes).values()) {
            ObjectNode row = rows.addObject();
            row.put("line", outcome.line());
            row.put("outcome", outcome.state().word());
            putIfKnown(row, "externalId", outcome.externalId());
            putIfKnown(row, "leadId", outcome.leadId());
            putIfKnown(row, "reason", outcome.reason());
        }
        return reply.toString();
    }

    /** The reply to a message that can't be used, as JSON. */
    public String ofUnusable(String queue, String messageId, String reason) {
        ObjectNode reply = json.createObjectNode();
        reply.put("queue", queue);
        reply.put("messageId", messageId);
        reply.put("reason", reason);
        return reply.toString();
    }

    private static void putIfKnown(ObjectNode node, String name, String value) {
        if (value != null) {
            node.put(name, value);
        }
    }
}
