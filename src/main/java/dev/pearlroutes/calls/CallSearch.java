package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.ledger.Calls;
import dev.pearlroutes.nlpearl.Paths;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Polling Consumer of an outbound's calls: windows of Get Calls, each read to its end before the cursor moves. */
public final class CallSearch {
    private static final Logger LOG = LoggerFactory.getLogger(CallSearch.class);

    private final Map<String, Outbound> outbounds;
    private final Paths paths;
    private final Calls calls;
    private final CallEvents events;
    private final Clock clock;
    private final CallRows rows;

    public CallSearch(
            List<Outbound> outbounds, Paths paths, Calls calls, CallRows rows, CallEvents events, Clock clock) {
        this.outbounds = outbounds.stream().collect(Collectors.toMap(Outbound::name, Function.identity()));
        this.paths = paths;
        this.calls = calls;
        this.events = events;
        this.clock = clock;
        this.rows = rows;
    }

    /** Begins a run: from the cursor less the lookback, since calls change after they were seen. */
    public Search begin(String name) {
        Outbound.SearchCalls settings = outbounds.get(name).searchCalls();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant from = calls.cursor(name)
                .map(cursor -> cursor.minus(settings.lookback()))
                .orElse(settings.start() != null ? settings.start() : now.minus(settings.lookback()));
        return new Search(name, from, now, paths.searchCalls(name));
    }

    /** The body of the next page's request, ascending so that calls added meanwhile come behind those already read. */
    public Map<String, Object> request(Search search) {
        Outbound.SearchCalls settings = outbounds.get(search.outbound()).searchCalls();
        Map<String, Object> body = new HashMap<>();
        body.put("fromDate", search.from().toString());
        body.put("toDate", search.to().toString());
        body.put("skip", search.read());
        body.put("limit", settings.pageSize());
        body.put("sortProp", "startTime");
        body.put("isAscending", true);
        if (!settings.tags().isEmpty()) {
            body.put("tags", settings.tags());
        }
        if (!settings.statuses().isEmpty()) {
            body.put("statuses", settings.statuses());
        }
        if (settings.searchInput() != null) {
            body.put("searchInput", settings.searchInput());
        }
        return body;
    }

    /** Records a page. @throws IllegalStateException when it is no page of calls, or is empty though calls are left */
    public void page(Search search, JsonNode page) {
        JsonNode results = page.path("results");
        if (!results.isArray() && !results.isNull() && !results.isMissingNode()
                || !page.path("count").isNumber()) {
            throw new IllegalStateException("Get Calls answered without count and results");
        }
        if (results.isEmpty() && search.read() < page.path("count").asLong()) {
            // Asking on would never end, and to end here would move the cursor past calls that nobody has read.
            throw new IllegalStateException(
                    "Get Calls tells of " + page.path("count") + " calls but gave none after " + search.read());
        }
        List<Calls.Seen> seen = new ArrayList<>();
        for (JsonNode row : results) {
            Calls.Seen call = rows.seen(row);
            if (call != null) {
                seen.add(call);
            }
        }
        int changed = record(search.outbound(), seen);
        search.took(results.size(), page.path("count").asLong(), changed);
    }

    /** Ends a run: every call of the window is on record, so the cursor moves, last of all. */
    public void finish(Search search) {
        calls.moveCursor(search.outbound(), search.to());
        if (search.changed() > 0) {
            LOG.info(
                    "Calls of {}: {} read from {}, {} new or changed",
                    search.outbound(),
                    search.read(),
                    search.from().truncatedTo(ChronoUnit.SECONDS),
                    search.changed());
        }
    }

    private int record(String outbound, List<Calls.Seen> seen) {
        return calls.record(
                outbound,
                seen,
                clock.instant(),
                (call, revision, match) ->
                        events.make(outbound, call.json(), call.isFinal(), revision, match, Details.NONE));
    }
}
