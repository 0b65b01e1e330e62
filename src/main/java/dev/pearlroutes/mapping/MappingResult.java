package dev.pearlroutes.mapping;

import dev.pearlroutes.model.Lead;
import java.util.Set;

/**
 * The lead that a row is mapped to, or the reason why the row is rejected.
 *
 * @param lead null when the row is rejected
 * @param phoneNumber E.164, of a rejected row too; null when it has none that can be called
 * @param externalId the customer's own key of the row; null when it has none, or none that can be used
 * @param reason for the operator, all that is wrong in the order of the columns, names each column and what to correct, never a cell's
 *     content; null when there is a lead
 * @param zoneName the name of the lead's time zone as the row has it, or {@code of the number}; null when there is no lead, or it has none
 * @param missing required variables that the row lacks; empty when it lacks none
 */
public record MappingResult(
        Lead lead, String phoneNumber, String externalId, String reason, String zoneName, Set<String> missing) {

    public static MappingResult rejected(String externalId, String reason) {
        return new MappingResult(null, null, externalId, reason, null, Set.of());
    }

    /** Writes the reason of a row without required variables. @param missing not empty @param key that requires them */
    static String missing(Set<String> missing, String key) {
        return "callData." + String.join(" and callData.", missing) + (missing.size() == 1 ? " is" : " are")
                + " missing (" + key + ")";
    }
}
