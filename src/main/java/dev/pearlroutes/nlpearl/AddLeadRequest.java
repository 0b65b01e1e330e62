package dev.pearlroutes.nlpearl;

import dev.pearlroutes.model.LeadIntent;

/**
 * One Add Lead to be made.
 *
 * @param sourceId the number of the source that the lead came from
 * @param path of the request below the API's base address
 */
public record AddLeadRequest(LeadIntent intent, long sourceId, String outbound, String path)
        implements RequestThrottle.LeadRequest {

    public String body() {
        return intent.body();
    }
}
