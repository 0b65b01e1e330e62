package dev.pearlroutes.model;

import java.time.Instant;

/**
 * A lead whose answer never came.
 *
 * @param body request body of its Add Lead
 * @param since when it became unknown
 * @param released whether a person lets it be sent again unless it is found
 * @param reason what is known of it
 */
public record UnknownLead(
        Source source,
        long row,
        long line,
        String externalId,
        String body,
        Instant since,
        boolean released,
        String reason) {

    @Override
    public String toString() {
        return "UnknownLead[source=" + source.id() + ", row=" + row + "]";
    }
}
