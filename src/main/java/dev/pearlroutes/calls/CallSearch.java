package dev.pearlroutes.calls;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.ledger.Calls;
import dev.pearlroutes.ledger.KeyedHash;
import dev.pearlroutes.nlpearl.Paths;
import dev.pearlroutes.results.Events;
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
    private final Events events;
    private final Clock clock;
    private final CallRows rows;
    // Map entries in one order, so that a call whose members only changed places has the same fingerprint.
    private final ObjectMapper canonical =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    public CallSearch(List<Outbound> outbounds, Paths paths, Calls calls, Events events, Clock clock) {
        this.outbounds = outbounds.stream().collect(Collectors.toMap(Outbound::name, Function.identity()));
        this.paths = paths;
        this.calls = calls;
        this.events = events;
        this.clock = clock;
        this.rows = new CallRows(clock);
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
        Map<String, ObjectNode> data = new HashMap<>();
        for (JsonNode row : results) {
            // Without an id a call cannot be told from another, nor recognised when it is read again.
            if (row.path("id").isTextual()) {
                Calls.Seen call = rows.seen(row, fingerprint(row));
                seen.add(call);
                data.put(call.callId(), rows.data(search.outbound(), row));
            }
        }
        int changed = calls.record(search.outbound(), seen, (call, revision, match) -> {
            ObjectNode complete = data.get(call.callId());
            complete.put("final", call.isFinal()).put("revision", revision).put("match", match.match());
            if (match.leadId() != null) {
                complete.put("leadId", match.leadId()).put("externalId", match.externalId());
                complete.set("source", events.origin(match.origin()));
            }
            return events.ofCall(search.outbound(), call.callId(), revision, call.isFinal(), complete);
        });
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

    private byte[] fingerprint(JsonNode row) {
        try {
            Object plain = canonical.treeToValue(row, Object.class);
            return KeyedHash.sha256().digest(canonical.writeValueAsBytes(plain));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written as JSON", e);
        }
    }
}
