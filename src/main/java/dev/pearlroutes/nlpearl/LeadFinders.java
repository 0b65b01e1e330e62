package dev.pearlroutes.nlpearl;

import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** The steps of the route {@code find-lead}, which hand the API's answers to the {@link LeadFinder} in its variable. */
public final class LeadFinders {
    private static final String FINDER = "finder";
    private static final String STATUS = "CamelHttpResponseCode";
    private static final String RETRY_AFTER = "Retry-After";

    private final ResponseReader responses;

    public LeadFinders(ResponseReader responses) {
        this.responses = responses;
    }

    public void begin(@Variable(FINDER) LeadFinder finder) {
        finder.begin();
    }

    /** Takes in a page of a search. @throws ReadFailedException when the answer is not usable */
    public void onPage(
            @Variable(FINDER) LeadFinder finder,
            @Header(STATUS) int status,
            @Header(RETRY_AFTER) String retryAfter,
            @Body String body) {
        finder.onPage(responses.json(status, retryAfter, body));
    }

    /** Takes in what a path answered. @throws ReadFailedException when the answer is not usable */
    public void onPath(
            @Variable(FINDER) LeadFinder finder,
            @Header(STATUS) int status,
            @Header(RETRY_AFTER) String retryAfter,
            @Body String body) {
        finder.onPath(responses.json(status, retryAfter, body));
    }

    /** Takes in that a path gave no usable answer. */
    public void onPathFailure(@Variable(FINDER) LeadFinder finder, @ExchangeException Exception reason) {
        finder.onPathFailure(reason);
    }

    /** Ends the search. @throws Exception when a path that might have shown the lead gave no answer, and the lead was not found */
    public void end(@Variable(FINDER) LeadFinder finder) throws Exception {
        finder.end();
    }
}
