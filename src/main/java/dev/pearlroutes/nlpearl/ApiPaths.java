package dev.pearlroutes.nlpearl;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The paths of the API's operations below its base address [D]. */
public final class ApiPaths {
    private final Map<String, String> ids;

    /** @param ids ids at NLPearl by name of the outbound; made of letters, digits, - and _ only */
    public ApiPaths(Map<String, String> ids) {
        this.ids = Map.copyOf(ids);
    }

    /** Get Account, which needs no outbound. */
    public String account() {
        return "/v1/Account";
    }

    public String addLead(String outbound) {
        return outbound(outbound) + "/Lead";
    }

    /** Get Lead and Update Lead. */
    public String lead(String outbound, String leadId) {
        return addLead(outbound) + "/" + encode(leadId);
    }

    /** Get Call, which needs no outbound. */
    public String call(String callId) {
        return "/v1/Call/" + encode(callId);
    }

    public String searchLeads(String outbound) {
        return outbound(outbound) + "/Leads";
    }

    public String searchCalls(String outbound) {
        return outbound(outbound) + "/Calls";
    }

    /**
     * Get Lead Via External ID. The vendor's page spells it {@code Extrenal}, other clients {@code External} [D]/[?], so an
     * answer proves that the lead exists, and a missing one proves nothing.
     */
    public List<String> leadByExternalId(String outbound, String externalId) {
        String id = encode(externalId);
        return Stream.of("Extrenal", "External")
                .map(spelling -> addLead(outbound) + "/" + spelling + "/" + id)
                .toList();
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String outbound(String name) {
        return "/v1/Outbound/" + ids.get(name);
    }
}
