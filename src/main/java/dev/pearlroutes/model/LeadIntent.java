package dev.pearlroutes.model;

/**
 * A row as it is planned: the request to be made for it, or why there is none.
 *
 * @param row position among the rows of the source, from 1
 * @param line of the source on which the row starts, from 1
 * @param externalId the row's key inside its outbound; null only when the row is rejected and brought none
 * @param phoneNumber E.164; null only when the row is rejected
 * @param body request body of Add Lead; null when the row is rejected
 * @param rejection why the row is not sent; null when it is
 * @param former what named its lead before ids were cleaned, with its spelling; null when that is the same
 */
public record LeadIntent(
        long row, long line, String externalId, String phoneNumber, String body, String rejection, FormerId former) {

    /** Makes the intent of a row that was always known by its externalId. */
    public LeadIntent(long row, long line, String externalId, String phoneNumber, String body, String rejection) {
        this(row, line, externalId, phoneNumber, body, rejection, null);
    }

    /** Makes the intent of a row that is not sent. */
    public static LeadIntent rejected(long row, long line, String externalId, String reason) {
        return new LeadIntent(row, line, externalId, null, null, reason);
    }

    @Override
    public String toString() {
        return "LeadIntent[row=" + row + "]";
    }
}
