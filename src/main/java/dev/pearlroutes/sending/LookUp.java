package dev.pearlroutes.sending;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.nlpearl.LeadSearch;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;

/** The look-up of one unknown lead: what was asked and what was found. */
public final class LookUp {
    private final UnknownLead lead;
    private final LeadSearch search;
    private final LeadSearch control;
    private final Instant controlAcceptedAt;
    private final Iterator<String> paths;
    private String idByPath;

    /**
     * @param control the search that shows that an absence means something; null when there is no lead to search for
     * @param controlAcceptedAt a time before which the control's lead was not accepted; null without a control
     * @param paths of Get Lead Via External ID
     */
    LookUp(UnknownLead lead, LeadSearch search, LeadSearch control, Instant controlAcceptedAt, List<String> paths) {
        this.lead = lead;
        this.search = search;
        this.control = control;
        this.controlAcceptedAt = controlAcceptedAt;
        this.paths = paths.iterator();
    }

    UnknownLead lead() {
        return lead;
    }

    public String outbound() {
        return lead.source().outbound();
    }

    public LeadSearch search() {
        return search;
    }

    public LeadSearch control() {
        return control;
    }

    /** Whether the search found nothing and a control can show what that is worth. */
    public boolean wantsControl() {
        return search.leadId() == null && control != null && control.leadId() == null;
    }

    /** Paths that can show that the lead exists and were not asked yet. */
    Iterator<String> paths() {
        return paths;
    }

    /** Takes in what a path answered. */
    void read(JsonNode found) {
        if (search.isMeant(found)) {
            idByPath = found.path("id").textValue();
        }
    }

    /** The API's id of the lead; null when it was not found. */
    String foundId() {
        return search.leadId() != null ? search.leadId() : idByPath;
    }

    /**
     * Whether not having found the lead proves that it does not exist: the same kind of search finds a lead that was accepted
     * after this one was lost, so the search covers externalIds and does not lag behind.
     *
     * @param age after which a control accepted earlier counts too, since a search that lags longer is none
     */
    boolean provesAbsence(Instant now, Duration age) {
        boolean recent = controlAcceptedAt != null && controlAcceptedAt.isAfter(lead.since());
        return control != null
                && control.leadId() != null
                && (recent || lead.since().plus(age).isBefore(now));
    }
}
