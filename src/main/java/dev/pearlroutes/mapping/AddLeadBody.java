package dev.pearlroutes.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.model.Lead;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The request body of Add Lead [D], as it is sent and as the ledger keeps it while an intent is open. */
public final class AddLeadBody {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AddLeadBody() {}

    /**
     * Writes the body. Its members are in one order, so that the same lead has the same body again.
     *
     * @param externalId the lead's own, or the one derived for it
     */
    public static String of(Lead lead, String externalId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("phoneNumber", lead.phoneNumber());
        body.put("externalId", externalId);
        if (lead.timeZoneId() != null) {
            body.put("timeZoneId", lead.timeZoneId());
        }
        if (!lead.callData().isEmpty()) {
            body.put("callData", new TreeMap<>(lead.callData()));
        }
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a lead of strings, numbers and booleans is always JSON", e);
        }
    }

    /** Reads the number, E.164, out of a body that the ledger has kept. */
    public static String phoneNumberIn(String body) {
        try {
            return JSON.readTree(body).path("phoneNumber").textValue();
        } catch (JsonProcessingException e) {
            // Without its cause, which may quote the body.
            throw new IllegalStateException("the ledger holds a request body that is no JSON");
        }
    }
}
