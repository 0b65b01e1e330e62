package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.model.SeenCall;

/**
 * A call as a webhook told of it.
 *
 * @param call the part that Get Calls gives too
 * @param row that part as the API's answers have it
 * @param leadId the API's id of its lead; null when it is not said
 * @param details what is said of the conversation
 */
record PushedCall(SeenCall call, ObjectNode row, String leadId, CallDetails details) {
    /** Member of {@link SeenCall#json()} that holds what a webhook said besides. */
    static final String MEMBER = "pushed";

    static final String LEAD_ID = "leadId";

    /** Reads the lead's id in that member. @return null when there is none */
    static String leadId(JsonNode besides) {
        return besides.path(LEAD_ID).textValue();
    }

    @Override
    public String toString() {
        return "PushedCall[callId=" + call.callId() + "]";
    }
}
