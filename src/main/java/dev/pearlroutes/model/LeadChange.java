package dev.pearlroutes.model;

/**
 * A row about a lead that should exist already, of an update or a look-up.
 *
 * @param row position among the rows of the source, from 1
 * @param line of the source on which the row starts, from 1
 * @param leadId the API's id that names the lead; null when the row names it otherwise
 * @param externalId the customer's own key that names the lead; null when the row has none or leadId names it
 * @param phoneNumber E.164, which names the lead when both ids are null; null when it does not
 * @param newPhoneNumber E.164; null when the number is not changed
 * @param newExternalId null when the externalId is not changed
 * @param newStatus code; null when the status is not changed
 * @param rejection why no request is made for the row; null when one is
 * @param formerId the externalId as it is written, with what nobody sees; null when that is the same
 */
public record LeadChange(
        long row,
        long line,
        String leadId,
        String externalId,
        String phoneNumber,
        String newPhoneNumber,
        String newExternalId,
        Integer newStatus,
        String rejection,
        String formerId) {

    /** Makes a row whose externalId is written as it is known. */
    public LeadChange(
            long row,
            long line,
            String leadId,
            String externalId,
            String phoneNumber,
            String newPhoneNumber,
            String newExternalId,
            Integer newStatus,
            String rejection) {
        this(row, line, leadId, externalId, phoneNumber, newPhoneNumber, newExternalId, newStatus, rejection, null);
    }

    /** Makes the change of a row for which no request is made. */
    public static LeadChange rejected(long row, long line, String externalId, String reason) {
        return new LeadChange(row, line, null, externalId, null, null, null, null, reason);
    }

    /** Returns the same row with its lead's id. */
    public LeadChange named(String id) {
        return with(id, newExternalId);
    }

    /** Returns the same row with what the ledger knows of its lead. */
    public LeadChange with(String knownLeadId, String derivedExternalId) {
        return new LeadChange(
                row,
                line,
                knownLeadId,
                externalId,
                phoneNumber,
                newPhoneNumber,
                derivedExternalId,
                newStatus,
                rejection,
                formerId);
    }

    /** Tells whether the lead may be called again after the change. */
    public boolean reopens() {
        return newStatus != null && (newStatus == LeadStatus.NEW.code() || newStatus == LeadStatus.NEED_RETRY.code());
    }

    @Override
    public String toString() {
        return "LeadChange[row=" + row + "]";
    }
}
