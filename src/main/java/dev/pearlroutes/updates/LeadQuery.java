package dev.pearlroutes.updates;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.nlpearl.LeadSearch;
import dev.pearlroutes.nlpearl.RequestThrottle;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** One row's request to the API, which may be made again: the lead it means and what is asked for. */
public final class LeadQuery implements RequestThrottle.LeadRequest {
    private final String outbound;
    private final LeadChange row;
    private final Map<String, Object> body;
    private final LeadSearch search;
    private Iterator<String> paths = Collections.emptyIterator();
    private Exception unread;
    private volatile String leadId;
    private volatile Map<String, Object> found = Map.of();
    private int lost;

    /** @param search for the lead by its externalId; null when its id is known */
    LeadQuery(String outbound, LeadChange row, Map<String, Object> body, LeadSearch search) {
        this.outbound = outbound;
        this.row = row;
        this.body = body;
        this.search = search;
        this.leadId = row.leadId();
    }

    @Override
    public String outbound() {
        return outbound;
    }

    LeadChange row() {
        return row;
    }

    /** E.164, to which the lead is to be changed; null for no change. */
    public String getNewPhoneNumber() {
        return row.newPhoneNumber();
    }

    /** Of Update Lead. */
    public Map<String, Object> getBody() {
        return body;
    }

    /** The API's id of the lead; null while it is not known. */
    public String getLeadId() {
        return leadId;
    }

    public LeadSearch getSearch() {
        return search;
    }

    /** What names the lead, so that two rows about one are not worked on at the same time. */
    String lead() {
        return leadId != null ? leadId : "externalId " + row.externalId();
    }

    /** Takes over what a search has found. @param toAsk paths that may show the lead where it has found none */
    void searched(List<String> toAsk) {
        leadId = search.leadId();
        paths = toAsk.iterator();
        unread = null;
    }

    /** Paths by externalId that were not asked yet. */
    Iterator<String> paths() {
        return paths;
    }

    /** Why the last path that gave no answer gave none; null when each did. */
    Exception unread() {
        return unread;
    }

    void unread(Exception reason) {
        unread = reason;
    }

    /** Takes in what a path by externalId answered. */
    void read(JsonNode lead) {
        if (lead.path("id").isTextual()
                && row.externalId().equals(lead.path("externalId").asText(null))) {
            leadId = lead.path("id").textValue();
        }
    }

    Map<String, Object> found() {
        return found;
    }

    void found(Map<String, Object> columns) {
        found = columns;
    }

    /** @return how often no usable answer came, this time included */
    int lose() {
        return ++lost;
    }

    int lost() {
        return lost;
    }
}
