package dev.pearlroutes.nlpearl;

import java.util.Map;

/** Paths of the API's operations below its base address [D]. */
public final class Paths {
    private final Map<String, String> ids;

    /** @param ids ids at NLPearl by name of the outbound; made of letters, digits, - and _ only */
    public Paths(Map<String, String> ids) {
        this.ids = Map.copyOf(ids);
    }

    public String addLead(String outbound) {
        return outbound(outbound) + "/Lead";
    }

    public String searchLeads(String outbound) {
        return outbound(outbound) + "/Leads";
    }

    public String searchCalls(String outbound) {
        return outbound(outbound) + "/Calls";
    }

    private String outbound(String name) {
        return "/v1/Outbound/" + ids.get(name);
    }
}
