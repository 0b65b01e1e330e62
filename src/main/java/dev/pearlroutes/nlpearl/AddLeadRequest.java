package dev.pearlroutes.nlpearl;

import dev.pearlroutes.model.LeadIntent;

/**
 * An Add Lead request.
 *
 * @param sourceId number of the source that the lead came from
 * @param path below the API's base address
 */
public record AddLeadRequest(LeadIntent intent, long sourceId, String outbound, String path)
        implements RequestThrottle.LeadRequest {

    public String body() {
        return intent.body();
    }
}
