package dev.pearlroutes.ledger;

import java.time.Instant;

/**
 * A lead whose answer never came.
 *
 * @param body request body of its Add Lead
 * @param since when it became unknown
 */
public record UnknownLead(Source source, long row, long line, String externalId, String body, Instant since) {

    @Override
    public String toString() {
        return "UnknownLead[source=" + source.id() + ", row=" + row + "]";
    }
}
