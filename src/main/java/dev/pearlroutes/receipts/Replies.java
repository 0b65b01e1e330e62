package dev.pearlroutes.receipts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.util.Collection;
import java.util.Locale;
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
        addRows(reply, message);
        return reply.toString();
    }

    /** The receipt of a scanned source so far, without its rows. */
    public ObjectNode receipt(Source source) {
        return receipts.soFar(source);
    }

    /** The reply to a request so far: its receipt, and once it is finished what became of each row. */
    public ObjectNode ofRequest(Source request) {
        ObjectNode reply = receipts.soFar(request);
        reply.put("state", request.state().name().toLowerCase(Locale.ROOT));
        if (request.state() == Source.State.FINISHED) {
            addRows(reply, request);
        }
        return reply;
    }

    /** The reply to a request that was checked. @param outcomes that its rows would have, in their order */
    public ObjectNode ofCheck(Source request, Map<RowState, Long> counts, Collection<Outcome> outcomes) {
        ObjectNode reply = receipts.preview(request, counts);
        reply.remove("request");
        add(reply, outcomes, Map.of());
        return reply;
    }

    private void addRows(ObjectNode reply, Source message) {
        Map<Long, Outcome> outcomes = ledger.read(tx -> tx.leadRows().outcomes(message, 1, message.rows()));
        Map<Long, Map<String, Object>> found = message.operation() == Source.Operation.LOOKUP
                ? ledger.read(tx -> tx.leadRows().found(message, 1, message.rows()))
                : Map.of();
        add(reply, new TreeMap<>(outcomes).values(), found);
    }

    /** @param found by look-ups, by the number of the row */
    private void add(ObjectNode reply, Collection<Outcome> outcomes, Map<Long, Map<String, Object>> found) {
        ArrayNode rows = reply.putArray("leads");
        for (Outcome outcome : outcomes) {
            ObjectNode row = rows.addObject();
            row.put("line", outcome.line());
            row.put("outcome", outcome.state().word());
            putIfKnown(row, "externalId", outcome.externalId());
            putIfKnown(row, "leadId", outcome.leadId());
            putIfKnown(row, "reason", outcome.reason());
            if (found.containsKey(outcome.row())) {
                row.set("found", json.valueToTree(found.get(outcome.row())));
            }
        }
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
