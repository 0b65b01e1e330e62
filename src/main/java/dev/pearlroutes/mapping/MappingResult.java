package dev.pearlroutes.mapping;

import dev.pearlroutes.model.Lead;
import java.util.Set;

/**
 * What became of a row: a lead, or the reason why it is none.
 *
 * @param lead null when the row is rejected
 * @param externalId the customer's own key of the row; null when it has none, or none that can be used
 * @param reason for the operator, names the column and the mend, never the cell's content; null when there is a lead
 * @param zoneName the name of the lead's time zone as the row has it; null when there is no lead, or it has none
 * @param missing variables for want of which the row is rejected; empty when that is not why
 */
public record MappingResult(Lead lead, String externalId, String reason, String zoneName, Set<String> missing) {

    static MappingResult of(Lead lead, String zoneName) {
        return new MappingResult(lead, lead.externalId(), null, zoneName, Set.of());
    }

    public static MappingResult rejected(String externalId, String reason) {
        return new MappingResult(null, externalId, reason, null, Set.of());
    }

    /** @param missing not empty */
    static MappingResult lacking(String externalId, Set<String> missing) {
        String reason = "callData." + String.join(" and callData.", missing) + (missing.size() == 1 ? " is" : " are")
                + " missing (outbound.<name>.required-variables)";
        return new MappingResult(null, externalId, reason, null, missing);
    }
}
