package dev.pearlroutes.updates;

import dev.pearlroutes.ledger.KeyedHash;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.LeadKeys;
import dev.pearlroutes.ledger.tables.LeadKeys.HeldLead;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the ledger knows of the leads of an outbound that the rows of updates and look-ups name, inside the caller's transaction. */
final class KnownLeads {
    private final LeadKeys leads;
    private final String outbound;
    private final KeyedHash keyedHash;

    KnownLeads(Transaction tx, String outbound, KeyedHash keyedHash) {
        this.leads = tx.leadKeys();
        this.outbound = outbound;
        this.keyedHash = keyedHash;
    }

    /**
     * Reads the leads that a row may mean: by leadId the accepted one; by externalId all that hold it, the newest first; by number two at
     * the most, which is one too many. One that is sent now is among them: it may be the one that is meant. A lead that was sent before ids were cleaned has its id as it was written then.
     */
    List<HeldLead> of(LeadChange row) {
        if (row.leadId() != null) {
            return leads.ofLeadId(outbound, row.leadId());
        }
        if (row.externalId() == null) {
            return leads.ofPhone(outbound, keyedHash.of(row.phoneNumber()));
        }
        List<HeldLead> known = row.formerId() == null ? List.of() : leads.ofExternalId(outbound, row.formerId());
        if (known.isEmpty()) {
            known = leads.ofExternalId(outbound, row.externalId());
        }
        return known.isEmpty()
                ? leads.formerSpellings(outbound, row.externalId()).stream()
                        .flatMap(spelling -> leads.ofExternalId(outbound, spelling).stream())
                        .toList()
                : known;
    }

    /** Tells whether an externalId is that of others and not of this lead. @param leadId null when it is not known */
    boolean othersHave(String externalId, String leadId) {
        List<String> holders = new ArrayList<>(leads.leadIds(outbound, externalId));
        leads.formerSpellings(outbound, externalId)
                .forEach(spelling -> holders.addAll(leads.leadIds(outbound, spelling)));
        return !holders.isEmpty() && (leadId == null || !holders.contains(leadId));
    }

    /**
     * Tells whether another lead holds a number as its key, so that somebody would be called for two.
     *
     * @param e164 with {@code +}
     * @param leadId null when it is not known
     */
    boolean othersHold(String e164, String leadId, LeadIdentity identity, Instant at) {
        return identity.byPhone() && leads.othersHold(outbound, keyedHash.of(e164), identity.heldSince(at), leadId);
    }
}
