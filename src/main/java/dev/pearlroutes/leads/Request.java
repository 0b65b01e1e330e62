package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.Candidate;

/**
 * One Add Lead to be made.
 *
 * @param sourceId the number of the source that the lead came from
 * @param path of the request below the API's base address
 */
public record Request(Candidate intent, long sourceId, String outbound, String path) {

    public String body() {
        return intent.body();
    }
}
