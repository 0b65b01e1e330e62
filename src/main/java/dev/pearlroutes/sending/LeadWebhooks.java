package dev.pearlroutes.sending;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.nlpearl.WebhookBody;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The Channel Adapter of the leads that the platform pushes. A push proves nothing by itself: it has the lead looked up, or asked for its
 * status, sooner than it would be, and of that the API's answer decides.
 */
public final class LeadWebhooks {
    private final Ledger ledger;
    private final UnknownLeads unknownLeads;
    private final Duration settleTime;
    private final Clock clock;

    /** @param settleTime how long a lead is unknown before it is looked up */
    public LeadWebhooks(Ledger ledger, UnknownLeads unknownLeads, Duration settleTime, Clock clock) {
        this.ledger = ledger;
        this.unknownLeads = unknownLeads;
        this.settleTime = settleTime;
        this.clock = clock;
    }

    /**
     * Takes a lead; when this returns the ledger has what is to be asked.
     *
     * @param outbound name of a configured outbound, to whose webhook it was posted
     * @param body null for none
     * @throws dev.pearlroutes.nlpearl.UnreadableWebhookException when the body is no JSON object with an id
     * @throws dev.pearlroutes.ledger.LedgerException when the ledger cannot be written
     */
    public void take(String outbound, byte[] body) {
        JsonNode lead = WebhookBody.read(body);
        String leadId = lead.path("id").textValue();
        String externalId = lead.path("externalId").asText("");
        Integer status = WebhookBody.code(lead.path("status"), LeadStatus::ofName);
        ledger.requireWritable();
        boolean isUnknown = ledger.transaction(tx -> {
            Optional<LeadRef> known = tx.leadKeys().withId(outbound, leadId);
            known.ifPresent(row -> askForStatus(tx, outbound, row, status));
            return known.isEmpty()
                    && !externalId.isEmpty()
                    && tx.leads().lookUpSoon(outbound, externalId, settleTime, clock.instant()) > 0;
        });
        if (isUnknown) {
            unknownLeads.tell(outbound, externalId, leadId);
        }
    }

    /** Has the newest call to a row read its lead again now, where it would later, if the lead has another status by now. */
    private void askForStatus(Transaction tx, String outbound, LeadRef row, Integer status) {
        if (status != null) {
            tx.callOutcomes()
                    .callBefore(row.sourceId(), row.row(), status)
                    .ifPresent(callId -> tx.calls().askNow(outbound, callId, clock.instant()));
        }
    }
}
