package dev.pearlroutes.nlpearl;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The paths of the API's operations below its base address [D]. */
public final class ApiPaths {
    /** What {@link #operation} answers with. */
    public static final List<String> OPERATIONS = List.of(
            "add-lead",
            "update-lead",
            "get-lead",
            "get-lead-by-external-id",
            "search-leads",
            "search-calls",
            "get-call",
            "get-account",
            "other");

    private static final Pattern OUTBOUND_PATH = Pattern.compile("/v1/Outbound/[^/]+(/.+)$");

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

    /**
     * Names the operation of a request, for counts of them: one of {@link #OPERATIONS}.
     *
     * @param path below the base address's host, with or without what stands before {@code /v1}
     */
    public static String operation(String method, String path) {
        Matcher matcher = OUTBOUND_PATH.matcher(path);
        if (!matcher.find()) {
            return path.matches(".*/v1/Account/?")
                    ? "get-account"
                    : path.matches(".*/v1/Call/[^/]+") ? "get-call" : "other";
        }
        String below = matcher.group(1);
        boolean put = method.equals("PUT");
        if (below.equals("/Leads") || below.equals("/Calls")) {
            return below.equals("/Leads") ? "search-leads" : "search-calls";
        } else if (below.equals("/Lead") && put) {
            return "add-lead";
        } else if (below.matches("/Lead/[^/]+")) {
            return put ? "update-lead" : "get-lead";
        }
        return below.matches("/Lead/[^/]+/[^/]+") ? "get-lead-by-external-id" : "other";
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String outbound(String name) {
        return "/v1/Outbound/" + ids.get(name);
    }
}
