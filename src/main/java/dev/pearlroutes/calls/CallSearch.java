package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.ledger.Calls;
import dev.pearlroutes.ledger.OpenCalls;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.NotSentException;
import dev.pearlroutes.nlpearl.ReadFailedException;
import dev.pearlroutes.nlpearl.ReadRefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelExchangeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Polling Consumer of an outbound's calls: windows of Get Calls, each read to its end before the cursor moves. */
public final class CallSearch {
    private static final Logger LOG = LoggerFactory.getLogger(CallSearch.class);

    /** Open calls read by themselves in one run, the longest due first. */
    private static final int MOST_OPEN = 1000;

    private final Map<String, Outbound> outbounds;
    private final ApiPaths paths;
    private final Calls calls;
    private final OpenCalls openCalls;
    private final CallParser rows;
    private final CallEvents events;
    private final CallReadHealth troubles;
    private final Clock clock;
    /** Page sizes that the API was found to insist on, by outbound. */
    private final Map<String, Integer> pageSizes = new ConcurrentHashMap<>();

    public CallSearch(
            List<Outbound> outbounds,
            ApiPaths paths,
            Calls calls,
            OpenCalls openCalls,
            CallParser rows,
            CallEvents events,
            CallReadHealth troubles,
            Clock clock) {
        this.outbounds = outbounds.stream().collect(Collectors.toMap(Outbound::name, Function.identity()));
        this.paths = paths;
        this.calls = calls;
        this.openCalls = openCalls;
        this.rows = rows;
        this.events = events;
        this.troubles = troubles;
        this.clock = clock;
    }

    /**
     * Begins a run: from the cursor less the lookback, since calls change after they were seen. When the clock was set back
     * behind the cursor, the present counts.
     */
    public CallSearchRun begin(String name) {
        troubles.begun(name);
        Outbound.SearchCalls settings = outbounds.get(name).searchCalls();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant from = calls.cursor(name)
                .map(cursor -> (cursor.isBefore(now) ? cursor : now).minus(settings.lookback()))
                .orElse(settings.start() != null ? settings.start() : now.minus(settings.lookback()));
        CallSearchRun search = new CallSearchRun(name, from, now, paths.searchCalls(name));
        search.add(List.of(new Window(from, now, pageSizes.getOrDefault(name, settings.pageSize()))));
        return search;
    }

    /** The body of the next request of a window. */
    public Map<String, Object> request(CallSearchRun search, Window window) {
        Outbound.SearchCalls settings = outbounds.get(search.outbound()).searchCalls();
        Map<String, Object> body = new HashMap<>();
        body.put("fromDate", window.from().toString());
        body.put("toDate", window.to().toString());
        body.put("skip", window.skip());
        body.put("limit", window.limit());
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
    public void page(CallSearchRun search, Window window, JsonNode page) {
        JsonNode results = page.path("results");
        if (!results.isArray() && !results.isNull() && !results.isMissingNode()
                || !page.path("count").isNumber()) {
            throw new IllegalStateException("Get Calls answered without count and results");
        }
        List<Window.Row> given = new ArrayList<>();
        List<Calls.Seen> seen = new ArrayList<>();
        for (JsonNode row : results) {
            Calls.Seen call = rows.seen(row);
            given.add(new Window.Row(call == null ? null : call.callId(), CallParser.startTime(row)));
            if (call != null) {
                seen.add(call);
            }
        }
        if (search.cancelled()) {
            return;
        }
        // The window asks for a little more than is wanted, and the API may give far more: what is not known from
        // before
        // its beginning is none of it, but what is known may have changed.
        int changed = record(search.outbound(), seen, search.from());
        troubles.wentOn(search.outbound());
        search.took(window, window.took(given, page.path("count").asLong()), given.size(), changed);
        pageSizes.merge(search.outbound(), window.limit(), Math::min);
    }

    /** The API refuses a request. @throws ReadRefusedException when no other page size and no shorter window can help */
    public void refused(CallSearchRun search, Window window, ReadRefusedException refusal) {
        LOG.debug("Get Calls of {} is refused with {} calls a page", search.outbound(), window.limit());
        search.took(window, window.refused(refusal), 0, 0);
    }

    /**
     * A page could not be read. It is asked for again: at once when the API asked for a pause, which the pace waits out, else
     * so many times as long as the trouble may pass by itself.
     *
     * @throws Exception the failure, when the run is to end
     */
    public void failed(Window window, Exception failure) throws Exception {
        boolean limited = failure instanceof ReadFailedException read && read.limited();
        boolean passing = !(failure instanceof ReadFailedException read) || read.passing();
        if (!limited && !(passing && window.failed())) {
            throw failure;
        }
        LOG.debug("A page of Get Calls is asked for again", failure);
    }

    /**
     * Ends a run that failed. The cursor moves to where every call is on record, if the next run begins later for it: what a
     * long first run has read need not be read once more.
     *
     * @param failure may be the Splitter's, which only says that a window could not be read
     * @throws Exception why it could not
     */
    public void abandon(CallSearchRun search, Exception failure) throws Exception {
        search.cancel();
        Exception reason = failure instanceof CamelExchangeException && failure.getCause() instanceof Exception own
                ? own
                : failure;
        troubles.failed(search.outbound(), reason);
        Duration lookback = outbounds.get(search.outbound()).searchCalls().lookback();
        if (search.reached().minus(lookback).isAfter(search.from())) {
            calls.moveCursor(search.outbound(), search.reached());
        }
        throw reason;
    }

    /** Ends the reading of the windows: every call in them is on record, so the cursor moves, last of all. */
    public void finish(CallSearchRun search) {
        troubles.ended(search.outbound());
        if (search.to().isBefore(search.from())) {
            return;
        }
        calls.moveCursor(search.outbound(), search.to());
        if (search.changed() > 0) {
            LOG.info(
                    "Calls of {}: {} new or changed since {}, of {} rows read",
                    search.outbound(),
                    search.changed(),
                    search.from().truncatedTo(ChronoUnit.SECONDS),
                    search.read());
        }
    }

    /**
     * The calls that are not final and too old for the windows. Each is read by its id: one request that needs no filter, no
     * bound and no known start, and that tells a call that goes on from one that the API has forgotten.
     */
    public List<OpenCall> open(CallSearchRun search) {
        return openCalls.due(search.outbound(), search.from(), clock.instant(), MOST_OPEN).stream()
                .map(id -> new OpenCall(search.outbound(), id, paths.call(id)))
                .toList();
    }

    /** Records an open call as it is now. @param call a missing node when the API knows no such call */
    public void reread(CallSearchRun search, OpenCall open, JsonNode call) {
        Calls.Seen seen = rows.seen(call);
        if (call.isMissingNode()) {
            if (openCalls.absent(open.outbound(), open.callId(), clock.instant())) {
                LOG.info("Call {} of {} is not known at NLPearl any more", open.callId(), open.outbound());
            }
        } else if (seen == null || !seen.callId().equals(open.callId())) {
            throw new IllegalStateException("Get Call answered with another call");
        } else {
            record(open.outbound(), List.of(seen), Instant.EPOCH);
        }
        search.readOpen(true);
    }

    /** An open call could not be read; it is read again in a later run, behind the others. */
    public void unread(CallSearchRun search, OpenCall open, Exception failure) {
        if (!(failure instanceof NotSentException)) {
            LOG.debug("An open call could not be read", failure);
            search.readOpen(false);
            openCalls.unread(open.outbound(), open.callId(), clock.instant());
        }
    }

    /** Ends the run. */
    public void end(CallSearchRun search) {
        if (search.openUnread() > 0) {
            LOG.warn(
                    "{} calls of {} that are not over could not be read. They are read again later",
                    search.openUnread(),
                    search.outbound());
        }
    }

    private int record(String outbound, List<Calls.Seen> seen, Instant newSince) {
        return calls.record(
                outbound,
                seen,
                newSince,
                clock.instant(),
                (call, revision, match) ->
                        events.make(outbound, call.json(), call.isFinal(), revision, match, CallDetails.NONE));
    }
}
