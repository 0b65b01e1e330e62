package dev.pearlroutes.nlpearl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One search for the lead with an externalId, by Search Leads, page by page. The API finds by parts of a text [I], so
 * only an exact match counts, and only when every page was read an absence.
 */
public final class LeadSearch {
    private static final int PAGE_SIZE = 100;

    private final String path;
    private final String externalId;
    private final Predicate<JsonNode> meant;
    private String leadId;
    private int read;
    private final Set<String> ids = new HashSet<>();
    private long count = Long.MAX_VALUE;

    /** @param path of Search Leads below the API's base address */
    public LeadSearch(String path, String externalId) {
        this(path, externalId, any -> true);
    }

    /** @param meant tells the lead from others with its externalId */
    public LeadSearch(String path, String externalId, Predicate<JsonNode> meant) {
        this.path = path;
        this.externalId = externalId;
        this.meant = meant;
    }

    public String path() {
        return path;
    }

    /** Whether another page has to be read. */
    public boolean more() {
        return leadId == null && read < count;
    }

    public Map<String, Object> request() {
        Map<String, Object> body = new HashMap<>();
        body.put("skip", read);
        body.put("limit", PAGE_SIZE);
        body.put("searchInput", externalId);
        return body;
    }

    /** Takes a page in. @throws IllegalStateException when it is no page of leads */
    public void page(JsonNode page) {
        if (!page.path("count").isNumber()) {
            throw new IllegalStateException("Search Leads answered without count");
        }
        JsonNode results = page.path("results");
        for (JsonNode lead : results) {
            if (isMeant(lead)) {
                leadId = lead.path("id").textValue();
            }
        }
        long told = page.path("count").asLong();
        boolean first = count == Long.MAX_VALUE;
        read += results.size();
        results.forEach(lead -> ids.add(lead.path("id").asText()));
        if (leadId == null && !first && told != count) {
            throw anew("Search Leads changed while it was read");
        }
        count = told;
        // Leads that shift between pages are listed twice, and others not at all.
        if (leadId == null && (results.isEmpty() || read >= count) && ids.size() < count) {
            throw anew("Search Leads told of more leads than it listed");
        }
    }

    /** What was read proves nothing: the search begins anew when it is gone on with. */
    private IllegalStateException anew(String reason) {
        read = 0;
        count = Long.MAX_VALUE;
        ids.clear();
        return new IllegalStateException(reason);
    }

    /** Whether a lead that the API has told of is the one searched for. */
    public boolean isMeant(JsonNode lead) {
        return externalId.equals(lead.path("externalId").asText(null))
                && lead.path("id").isTextual()
                && meant.test(lead);
    }

    /** @return null when there is no such lead, or none was found yet */
    public String leadId() {
        return leadId;
    }
}
