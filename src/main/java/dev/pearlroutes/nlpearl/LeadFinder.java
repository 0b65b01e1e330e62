package dev.pearlroutes.nlpearl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The search for one lead by its externalId: Search Leads, then the two spellings of Get Lead Via External ID. A lead that it finds
 * exists; that it finds none proves no absence by itself.
 */
public final class LeadFinder {
    /** One for each spelling of the externalId. */
    private final List<LeadSearch> searches;

    private final List<String> paths;
    private final Predicate<ReadFailedException> showsNoLead;
    private boolean absent;
    private Iterator<String> pathsToAsk = Collections.emptyIterator();
    private String idByPath;
    private Exception failure;
    /** Path of a lead that is said to be the one; null for none, and once it was asked. */
    private String told;

    private boolean asksTold;

    /**
     * @param meant accepts the lead among others with its externalId
     * @param showsNoLead failures of a path that say no more than that it does not show the lead; after any other one, with no lead
     *     found, the finder fails
     */
    public LeadFinder(
            ApiPaths paths,
            String outbound,
            String externalId,
            Predicate<JsonNode> meant,
            Predicate<ReadFailedException> showsNoLead) {
        this(paths, outbound, List.of(externalId), meant, showsNoLead);
    }

    /**
     * Makes a finder of a lead that may have its externalId in several spellings; see the other constructor.
     *
     * @param spellings searched for in this order
     */
    public LeadFinder(
            ApiPaths paths,
            String outbound,
            List<String> spellings,
            Predicate<JsonNode> meant,
            Predicate<ReadFailedException> showsNoLead) {
        this.searches = spellings.stream()
                .map(externalId -> new LeadSearch(paths.searchLeads(outbound), externalId, meant))
                .toList();
        this.paths = spellings.stream()
                .flatMap(externalId -> paths.leadByExternalId(outbound, externalId).stream())
                .toList();
        this.showsNoLead = showsNoLead;
    }

    /**
     * Has a path be asked too that is said to show the lead, before the others and even if the lead seems to be absent.
     *
     * @param path of Get Lead
     */
    public void askToo(String path) {
        told = path;
    }

    /** Begins, or begins again: what a search has read still counts, the paths are asked again. */
    void begin() {
        pathsToAsk = paths.iterator();
        failure = null;
    }

    /** Whether a page of a search has to be read. */
    public boolean searches() {
        return next() != null;
    }

    /** Path of the searches below the API's base address. */
    public String searchPath() {
        return searches.get(0).path();
    }

    /** Returns the body of the request for the next page. */
    public Map<String, Object> searchRequest() {
        return next().request();
    }

    void onPage(JsonNode page) {
        next().page(page);
    }

    /** Returns the search of the lead whose next page is to be read; null when all are read or the lead is found. */
    private LeadSearch next() {
        return idBySearch() != null
                ? null
                : searches.stream().filter(LeadSearch::more).findFirst().orElse(null);
    }

    private String idBySearch() {
        return searches.stream()
                .map(LeadSearch::leadId)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Whether a path may still show the lead, which was neither found nor proven absent. */
    public boolean asksPath() {
        return leadId() == null && (told != null || !absent && pathsToAsk.hasNext());
    }

    /** Returns the path to be asked now, each once. */
    public String nextPath() {
        asksTold = told != null;
        String path = asksTold ? told : pathsToAsk.next();
        told = null;
        return path;
    }

    void onPath(JsonNode lead) {
        if (searches.stream().anyMatch(search -> search.isMeant(lead))) {
            idByPath = lead.path("id").textValue();
        }
    }

    /** Takes in that a path gave no lead. The other one is asked all the same: at most one of them exists. */
    void onPathFailure(Exception reason) {
        if (asksTold && !(reason instanceof ReadRefusedException)) {
            // It may exist.
            absent = false;
        }
        if (!(reason instanceof ReadFailedException read && showsNoLead.test(read))) {
            failure = reason;
        }
    }

    /** Ends the search. @throws Exception the failure of a path that might have shown the lead, when none has */
    void end() throws Exception {
        if (leadId() == null && failure != null) {
            throw failure;
        }
    }

    /** Returns the API's id of the lead; null when it was not found. */
    public String leadId() {
        String bySearch = idBySearch();
        return bySearch != null ? bySearch : idByPath;
    }

    /** Takes in that the lead does not exist: a search that would have found it as well has found another lead since. */
    public void proveAbsence() {
        absent = true;
    }

    /** Whether not having found the lead proves that it does not exist. */
    public boolean provesAbsence() {
        return absent;
    }
}
