package dev.pearlroutes.sending;

import dev.pearlroutes.ledger.KeyedHash;
import dev.pearlroutes.mapping.AddLeadBody;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.MappingResult;
import dev.pearlroutes.model.FormerId;
import dev.pearlroutes.model.Lead;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.rows.Row;
import java.util.Map;

/** Makes of rows what is offered to the plan: the request that would be made of each, or why there is none. */
public final class IntentFactory {
    private final Map<String, LeadMapper> mappers;
    private final KeyedHash keyedHash;
    private final ApiPaths paths;

    /** @param mappers by outbound */
    public IntentFactory(Map<String, LeadMapper> mappers, KeyedHash keyedHash, ApiPaths paths) {
        this.mappers = Map.copyOf(mappers);
        this.keyedHash = keyedHash;
        this.paths = paths;
    }

    /** Answers with the mapper of an outbound's rows. */
    public LeadMapper mapper(String outbound) {
        return mappers.get(outbound);
    }

    ApiPaths paths() {
        return paths;
    }

    /** Makes the request of an intent that is durable. */
    AddLeadRequest request(Source source, LeadIntent intent) {
        String outbound = source.outbound();
        return new AddLeadRequest(intent, source.id(), outbound, paths.addLead(outbound));
    }

    /** Makes an intent of a row, or a rejection. */
    LeadIntent of(String outbound, Row row) {
        return of(outbound, row, mapper(outbound).map(row));
    }

    /** Makes the same of a row that is mapped. @param mapped what the outbound's mapper makes of the row */
    public LeadIntent of(String outbound, Row row, MappingResult mapped) {
        if (mapped.lead() == null) {
            return LeadIntent.rejected(row.number(), row.line(), mapped.externalId(), mapped.reason());
        }
        Lead lead = mapped.lead();
        String externalId = lead.externalId() != null ? lead.externalId() : derived(outbound, lead);
        FormerId former = FormerId.DERIVED.equals(lead.formerId())
                ? new FormerId(derived(outbound, lead), true)
                : lead.formerId();
        return new LeadIntent(
                row.number(),
                row.line(),
                externalId,
                lead.phoneNumber(),
                AddLeadBody.of(lead, externalId),
                null,
                former);
    }

    private String derived(String outbound, Lead lead) {
        return keyedHash.derivedExternalId(outbound, lead.phoneNumber());
    }
}
