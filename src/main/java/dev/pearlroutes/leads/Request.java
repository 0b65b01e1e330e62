package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.Candidate;
import dev.pearlroutes.nlpearl.Pace;

/**
 * One Add Lead to be made.
 *
 * @param sourceId the number of the source that the lead came from
 * @param path of the request below the API's base address
 */
public record Request(Candidate intent, long sourceId, String outbound, String path) implements Pace.LeadRequest {

    public String body() {
        return intent.body();
    }
}
