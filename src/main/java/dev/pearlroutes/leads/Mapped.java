package dev.pearlroutes.leads;

/**
 * What became of a row: a lead, or the reason why it is none.
 *
 * @param lead null when the row is rejected
 * @param externalId the customer's own key of the row; null when it has none, or none that can be used
 * @param reason for the operator, names the column and the mend, never the cell's content; null when there is a lead
 */
public record Mapped(Lead lead, String externalId, String reason) {

    public static Mapped of(Lead lead) {
        return new Mapped(lead, lead.externalId(), null);
    }

    public static Mapped rejected(String externalId, String reason) {
        return new Mapped(null, externalId, reason);
    }
}
