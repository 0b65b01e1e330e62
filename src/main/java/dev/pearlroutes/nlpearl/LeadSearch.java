package dev.pearlroutes.nlpearl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A search for the lead with an externalId by Search Leads, page by page. The API matches parts of a text [I], so only an exact
 * match counts, and only a search that has read every page shows no lead.
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

    /**
     * @param path of Search Leads below the API's base address
     * @param meant accepts the lead among others with its externalId
     */
    LeadSearch(String path, String externalId, Predicate<JsonNode> meant) {
        this.path = path;
        this.externalId = externalId;
        this.meant = meant;
    }

    String path() {
        return path;
    }

    /** Whether another page has to be read. */
    boolean more() {
        return leadId == null && read < count;
    }

    /** Returns the body of the request for the next page. */
    Map<String, Object> request() {
        Map<String, Object> body = new HashMap<>();
        body.put("skip", read);
        body.put("limit", PAGE_SIZE);
        body.put("searchInput", externalId);
        return body;
    }

    /** Takes a page in. @throws IllegalStateException when it proves nothing; the search then starts again */
    void page(JsonNode page) {
        if (!page.path("count").isNumber()) {
            throw new IllegalStateException("Search Leads answered without count");
        }
        JsonNode results = page.path("results");
        for (JsonNode lead : results) {
            if (isMeant(lead)) {
                leadId = lead.path("id").textValue();
            }
        }
        long total = page.path("count").asLong();
        boolean first = count == Long.MAX_VALUE;
        read += results.size();
        results.forEach(lead -> ids.add(lead.path("id").asText()));
        if (leadId == null && !first && total != count) {
            throw startAgain("Search Leads changed while it was read");
        }
        count = total;
        // Leads that shift between pages are listed twice, and others not at all.
        if (leadId == null && (results.isEmpty() || read >= count) && ids.size() < count) {
            throw startAgain("Search Leads counted more leads than it listed");
        }
    }

    /** Forgets what was read, which proves nothing: the next request is for the first page. */
    private IllegalStateException startAgain(String reason) {
        read = 0;
        count = Long.MAX_VALUE;
        ids.clear();
        return new IllegalStateException(reason);
    }

    /** Whether a lead in an answer is the one searched for. */
    boolean isMeant(JsonNode lead) {
        return externalId.equals(lead.path("externalId").asText(null))
                && lead.path("id").isTextual()
                && meant.test(lead);
    }

    /** Returns the API's id of the lead; null when it was not found, or not yet. */
    String leadId() {
        return leadId;
    }
}
