package dev.pearlroutes.sending;

import dev.pearlroutes.ledger.KeyedHash;
import dev.pearlroutes.mapping.AddLeadBody;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.MappingResult;
import dev.pearlroutes.model.Lead;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.rows.Row;
import java.util.Map;

/** Makes of rows what is offered to the plan: the request that would be made of each, or why there is none. */
public final class IntentFactory {
    private final Map<String, LeadMapper> mappers;
    private final KeyedHash keyedHash;

    /** @param mappers by outbound */
    public IntentFactory(Map<String, LeadMapper> mappers, KeyedHash keyedHash) {
        this.mappers = Map.copyOf(mappers);
        this.keyedHash = keyedHash;
    }

    LeadIntent of(String outbound, Row row) {
        return of(outbound, row, mappers.get(outbound).map(row));
    }

    /** @param mapped what the outbound's mapper makes of the row */
    public LeadIntent of(String outbound, Row row, MappingResult mapped) {
        if (mapped.lead() == null) {
            return LeadIntent.rejected(row.number(), row.line(), mapped.externalId(), mapped.reason());
        }
        Lead lead = mapped.lead();
        String externalId = lead.externalId() != null
                ? lead.externalId()
                : keyedHash.derivedExternalId(outbound, lead.phoneNumber());
        return new LeadIntent(
                row.number(), row.line(), externalId, lead.phoneNumber(), AddLeadBody.of(lead, externalId), null);
    }
}
