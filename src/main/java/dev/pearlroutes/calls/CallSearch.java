package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.model.SeenCall;
import dev.pearlroutes.nlpearl.NotSentException;
import dev.pearlroutes.nlpearl.ReadFailedException;
import dev.pearlroutes.nlpearl.ReadRefusedException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelExchangeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Polling Consumer of an outbound's calls: windows of Get Calls, each read to its end before the cursor moves. */
public final class CallSearch {
    private static final Logger LOG = LoggerFactory.getLogger(CallSearch.class);

    /** Most open calls that one run reads by themselves, the longest due first. */
    private static final int MOST_OPEN = 1000;

    private final Lookback lookback;
    private final CallRecorder recorder;
    private final OpenCalls openCalls;
    private final CallParser parser;
    private final CallReadHealth health;
    private final Clock clock;
    /** Page sizes that the API was found to insist on, by outbound. */
    private final Map<String, Integer> pageSizes = new ConcurrentHashMap<>();

    public CallSearch(
            Lookback lookback,
            CallRecorder recorder,
            OpenCalls openCalls,
            CallParser parser,
            CallReadHealth health,
            Clock clock) {
        this.lookback = lookback;
        this.recorder = recorder;
        this.openCalls = openCalls;
        this.parser = parser;
        this.health = health;
        this.clock = clock;
    }

    /** Begins a run. When the clock was set back behind the cursor, the present counts. */
    public CallSearchRun begin(String name) {
        health.onRunStarted(name);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        CallSearchRun search = lookback.begin(name, recorder.cursor(name).orElse(null), now);
        int pageSize = search.settings().pageSize();
        search.add(List.of(new Window(search.from(), now, pageSizes.getOrDefault(name, pageSize))));
        return search;
    }

    /** Makes the body of the next request of a window. */
    public Map<String, Object> request(CallSearchRun search, Window window) {
        Outbound.SearchCalls settings = search.settings();
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
    public void onPage(CallSearchRun search, Window window, JsonNode page) {
        JsonNode results = page.path("results");
        if (!results.isArray() && !results.isNull() && !results.isMissingNode()
                || !page.path("count").isNumber()) {
            throw new IllegalStateException("Get Calls answered without count and results");
        }
        List<Window.Row> given = new ArrayList<>();
        List<SeenCall> seen = new ArrayList<>();
        for (JsonNode row : results) {
            SeenCall call = parser.parse(row);
            given.add(new Window.Row(call == null ? null : call.callId(), CallParser.startTime(row)));
            if (call != null) {
                seen.add(call);
            }
        }
        if (search.cancelled()) {
            return;
        }
        // The window asks for a little more than is wanted, and the API may give far more: calls from before its
        // beginning
        // are ignored unless they are recorded, since those may have changed.
        int changed = recorder.record(search.outbound(), seen, search.from(), search.to(), clock.instant());
        health.onPage(search.outbound());
        search.onPage(window, window.onPage(given, page.path("count").asLong()), given.size(), changed);
        pageSizes.merge(search.outbound(), window.limit(), Math::min);
    }

    /** Reacts to a refused request. @throws ReadRefusedException when no other page size and no shorter window can help */
    public void onRefusal(CallSearchRun search, Window window, ReadRefusedException refusal) {
        LOG.debug("Get Calls of {} is refused with {} calls a page", search.outbound(), window.limit());
        search.onPage(window, window.refused(refusal), 0, 0);
    }

    /**
     * Reacts to a page that could not be read. It is asked for again: at once when the API asked for a pause, which the throttle
     * waits out, else a few times if the failure may pass by itself.
     *
     * @throws Exception the failure, when the run is to end
     */
    public void onFailure(Window window, Exception failure) throws Exception {
        boolean limited = failure instanceof ReadFailedException read && read.limited();
        boolean passing = !(failure instanceof ReadFailedException read) || read.passing();
        if (!limited && !(passing && window.failed())) {
            throw failure;
        }
        LOG.debug("A page of Get Calls is asked for again", failure);
    }

    /**
     * Ends a run that failed. The cursor moves to where every call is recorded, if the next run begins later for it: what a
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
        health.onRunFailed(search.outbound(), reason);
        Instant reached = search.reached();
        if (lookback.beginsLater(search, reached)) {
            recorder.moveCursor(search.outbound(), reached);
        }
        throw reason;
    }

    /** Ends the reading of the windows: every call in them is recorded, so the cursor moves, last of all. */
    public void finish(CallSearchRun search) {
        health.onRunEnded(search.outbound());
        if (search.to().isBefore(search.from())) {
            return;
        }
        recorder.moveCursor(search.outbound(), search.to());
        lookback.onEnd(search);
        if (search.changed() > 0) {
            LOG.info("{}: {}", search.outbound(), LogText.count(search.changed(), "new or changed call"));
        }
        LOG.debug(
                "{}: read {} from {} on",
                search.outbound(),
                LogText.count(search.read(), "call"),
                search.from().truncatedTo(ChronoUnit.SECONDS));
    }

    /**
     * Lists the ids of calls that are not final and too old for the windows. Each is read by its id: one request that needs no
     * filter, no bound and no known start, and whose answer sets a call in progress apart from one that the API has forgotten.
     */
    public List<String> open(CallSearchRun search) {
        return openCalls.due(search.outbound(), search.from(), clock.instant(), MOST_OPEN);
    }

    /** Records an open call as it is now. @param call a missing node when the API knows no such call */
    public void onOpenCall(CallSearchRun search, String callId, JsonNode call) {
        SeenCall seen = parser.parse(call);
        if (call.isMissingNode()) {
            if (openCalls.absent(search.outbound(), callId, clock.instant())) {
                LOG.info("{}: NLPearl does not know the call {} any more", search.outbound(), callId);
            }
        } else if (seen == null || !seen.callId().equals(callId)) {
            throw new IllegalStateException("Get Call answered with another call");
        } else {
            recorder.record(search.outbound(), List.of(seen), Instant.EPOCH, search.to(), clock.instant());
        }
        search.onOpenCall(true);
    }

    /** Reacts to an open call that could not be read; a later run reads it again, behind the others. */
    public void onOpenCallFailed(CallSearchRun search, String callId, Exception failure) {
        if (!(failure instanceof NotSentException)) {
            LOG.debug("An open call could not be read", failure);
            search.onOpenCall(false);
            openCalls.postpone(search.outbound(), callId, clock.instant());
        }
    }

    /** Ends the run. */
    public void end(CallSearchRun search) {
        if (search.openUnread() > 0) {
            LOG.warn(
                    "{}: {} still in progress could not be read, to be read again later",
                    search.outbound(),
                    LogText.count(search.openUnread(), "call"));
        }
    }
}
