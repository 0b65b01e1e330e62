package dev.pearlroutes.updates;

import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.nlpearl.LeadFinder;
import dev.pearlroutes.nlpearl.RequestThrottle;
import java.util.Map;

/** One row's request to the API, which may be made again: the lead it means and what is asked for. */
public class LeadQuery implements RequestThrottle.LeadRequest {
    private final String outbound;
    private final LeadChange row;
    private final Map<String, Object> body;
    private final LeadFinder finder;
    private volatile Map<String, Object> found = Map.of();
    private int lost;

    /** @param finder of the lead by its externalId; null when its id is known for sure */
    LeadQuery(String outbound, LeadChange row, Map<String, Object> body, LeadFinder finder) {
        this.outbound = outbound;
        this.row = row;
        this.body = body;
        this.finder = finder;
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

    /** The API's id of the lead: the one that was found, else the one known before; null while it is not known. */
    public String getLeadId() {
        return finder == null || finder.leadId() == null ? row.leadId() : finder.leadId();
    }

    public LeadFinder getFinder() {
        return finder;
    }

    /** What names the lead, so that two rows about one are not worked on at the same time. */
    String lead() {
        return getLeadId() != null ? getLeadId() : "externalId " + row.externalId();
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
