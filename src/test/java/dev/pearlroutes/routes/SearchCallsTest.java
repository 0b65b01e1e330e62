package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.app.RouteErrorReport;
import dev.pearlroutes.calls.CallSearch;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import dev.pearlroutes.sandbox.SandboxRequest;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The route search-calls in the whole bundle, against a real server. */
class SearchCallsTest {

    @TempDir
    static Path kept;

    @TempDir
    Path own;

    private Path home;
    private Sandbox api;
    private Bundle bundle;
    private LedgerFile ledger;

    @AfterEach
    void stopOrMakeNew() throws IOException {
        if (home == own) {
            bundle.close();
            api.close();
            return;
        }
        ledger.awaitDelivered();
        api.reset();
        bundle.changeLedger("DELETE FROM call");
        bundle.changeLedger("DELETE FROM cursor");
        try (var files = Files.list(bundle.data().resolve("results/acme"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @AfterAll
    static void stop() {
        SHARED.values().forEach(running -> {
            running.bundle().close();
            running.api().close();
        });
        SHARED.clear();
    }

    /** Many tests want the same bundle, and starting one is most of their time: it is kept, and only made new inside. */
    private record Running(Path home, Sandbox api, Bundle bundle) {}

    private static final Map<List<String>, Running> SHARED = new HashMap<>();

    private void start(String... settings) {
        Running running = SHARED.computeIfAbsent(List.of(settings), key -> {
            Sandbox sandbox = Bundle.sandbox().start();
            Path folder = kept.resolve("bundle-" + SHARED.size());
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Running(folder, sandbox, Bundle.start(folder, sandbox, settings));
        });
        home = running.home();
        api = running.api();
        bundle = running.bundle();
        ledger = new LedgerFile(bundle.data());
    }

    /** For tests that stop the bundle or leave leads in it. */
    private void startAnew(String... settings) {
        start(Bundle.sandbox(), settings);
    }

    private void start(SandboxOptions options, String... settings) {
        home = own;
        api = options.start();
        bundle = Bundle.start(home, api, settings);
        ledger = new LedgerFile(bundle.data());
    }

    // --- windows ---

    @Test
    void theFirstWindowIsTheLookbackAndTheNextBeginsAnHourBeforeTheCursor() {
        start("outbound.acme.search-calls.lookback=2h");
        Instant before = now();

        bundle.searchCalls();
        bundle.searchCalls();

        Instant end = to(0);
        assertThat(end).isBetween(before, Instant.now());
        assertThat(from(0)).isEqualTo(end.minus(2, ChronoUnit.HOURS));
        assertThat(from(1)).isEqualTo(end.minus(1, ChronoUnit.HOURS));
        assertThat(to(1)).isAfterOrEqualTo(end);
        assertThat(cursor()).containsExactly(to(1));
    }

    @Test
    void theVeryFirstWindowBeginsAtTheStartWhenOneIsSet() {
        start("outbound.acme.search-calls.start=2026-01-02T03:04:05Z", "outbound.acme.search-calls.lookback=1h");

        bundle.searchCalls();
        bundle.searchCalls();

        assertThat(from(0)).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(from(1)).isEqualTo(to(0).minus(1, ChronoUnit.HOURS));
    }

    @Test
    void aRestartGoesOnFromTheCursor() {
        startAnew("outbound.acme.search-calls.lookback=1h");
        bundle.searchCalls();
        bundle.close();

        bundle = Bundle.start(home, api, "outbound.acme.search-calls.lookback=3h");
        bundle.searchCalls();

        // As if the whole lookback had been read an hour before the cursor.
        assertThat(from(1)).isEqualTo(to(0).minus(4, ChronoUnit.HOURS));
    }

    @Test
    void callsBeforeTheWindowAreNotReadAndThoseAtItsEdgeAre() {
        start("outbound.acme.search-calls.start=2026-01-02T00:00:00Z");
        call("early", json -> {}, "2026-01-01T23:59:59.999Z");
        call("edge", json -> {}, "2026-01-02T00:00:00.000Z");

        bundle.searchCalls();

        assertThat(published("callId")).containsExactly("edge");
    }

    // --- pages ---

    @ParameterizedTest
    // A last page that is full is proven to be the last by one more.
    @CsvSource({"2, 7", "3, 4", "7, 2", "100, 1"})
    void pagesAreReadUntilTheCount(int pageSize, int requests) {
        start("outbound.acme.search-calls.page-size=" + pageSize);
        calls(7);

        bundle.searchCalls();

        assertThat(published("callId")).containsExactlyElementsOf(ids(7));
        assertThat(requests()).hasSize(requests);
        for (int i = 0; i < requests; i++) {
            assertThat(body(i).path("skip").asInt()).isZero();
            assertThat(body(i).path("limit").asInt()).isEqualTo(pageSize);
            assertThat(body(i).path("sortProp").asText()).isEqualTo("startTime");
            assertThat(body(i).path("isAscending").asBoolean()).isTrue();
            assertThat(to(i)).isEqualTo(to(0));
        }
    }

    @Test
    void aServerThatClampsThePageSizeLosesNothing() {
        start(Bundle.sandbox().maxPage(3, false));
        calls(8);

        bundle.searchCalls();

        assertThat(published("callId")).containsExactlyElementsOf(ids(8));
    }

    @Test
    void aCallThatComesWhilePagesAreReadShiftsNoOtherOut() {
        start("outbound.acme.search-calls.page-size=2");
        calls(5);
        api.faults().next(1, Operation.GET_CALLS, nth(2), Fault.hang());

        CompletableFuture<Void> run = CompletableFuture.runAsync(bundle::searchCalls);
        await().until(() -> api.faults().hanging() == 1);
        call("between", json -> {}, now().minus(59, ChronoUnit.MINUTES).toString());
        api.faults().release();
        run.join();

        assertThat(published("callId")).contains(ids(5).toArray(String[]::new)).doesNotHaveDuplicates();
        bundle.searchCalls();
        assertThat(published("callId")).hasSize(6).doesNotHaveDuplicates();
    }

    @Test
    void aPageWithoutRowsThoughTheCountTellsOfMoreIsNoEndOfTheSearch() {
        start("outbound.acme.search-calls.page-size=2");
        calls(5);
        api.faults().next(1, Operation.GET_CALLS, nth(2), Fault.status(200, "{\"count\":5,\"results\":[]}"));

        bundle.searchCalls();

        assertThat(cursor()).isEmpty();
        bundle.searchCalls();
        assertThat(published("callId")).containsExactlyElementsOf(ids(5));
        assertThat(cursor()).hasSize(1);
    }

    @Test
    void aServerThatRefusesThePageSizeIsAskedForSmallerPagesFromThenOn() {
        start(Bundle.sandbox().maxPage(30, true));
        calls(50);

        bundle.searchCalls();

        assertThat(published("callId")).containsExactlyInAnyOrderElementsOf(ids(50));
        assertThat(limits().subList(0, 3)).containsExactly(100, 50, 25);
        int before = requests().size();
        bundle.searchCalls();
        assertThat(limits().subList(before, requests().size())).containsOnly(25);
    }

    @Test
    void aServerThatRefusesALongRangeIsAskedForShorterOnes() {
        start(Bundle.sandbox().longestRange(Duration.ofDays(20)), "outbound.acme.search-calls.start=2026-09-01");
        call("early", json -> {}, "2026-09-02T00:00:00Z");
        call("late", json -> {}, "2026-10-31T00:00:00Z");

        bundle.searchCalls();

        assertThat(published("callId")).containsExactlyInAnyOrder("early", "late");
        assertThat(cursor()).hasSize(1);
        assertThat(limits()).containsOnly(100);
    }

    @Test
    void aRefusalThatNothingHelpsIsNoLoop() {
        start();
        calls(3);
        api.faults()
                .always(Operation.GET_CALLS, Fault.status(400, "{\"errors\":{\"validation\":[\"wrong outboundId\"]}}"));

        bundle.searchCalls();

        assertThat(requests()).hasSize(1);
        assertThat(cursor()).isEmpty();
        api.faults().clear();
        api.faults().always(Operation.GET_CALLS, Fault.status(400));

        bundle.searchCalls();

        assertThat(requests()).hasSizeLessThan(50);
        assertThat(cursor()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void moreCallsOfOneMillisecondThanAPageHoldsAreAllRead(boolean exclusive) {
        start(Bundle.sandbox().exclusiveBounds(exclusive), "outbound.acme.search-calls.page-size=4");
        String moment = now().minusSeconds(600).toString();
        String next = now().minusSeconds(600).plusMillis(1).toString();
        for (int i = 0; i < 10; i++) {
            call("call-" + i, json -> {}, moment);
            call("call-" + (10 + i), json -> {}, next);
        }
        call("call-20", json -> {});

        bundle.searchCalls();
        bundle.searchCalls();

        assertThat(published("callId")).containsExactlyInAnyOrderElementsOf(ids(21));
    }

    @Test
    void rowsThatShiftBothWaysBetweenPagesLoseNoOther() {
        start("outbound.acme.search-calls.page-size=5");
        calls(40);
        AtomicInteger shifts = new AtomicInteger();
        // Each request but the first meets a call that has gone and one that has come, before the place it reads at.
        api.faults()
                .always(
                        Operation.GET_CALLS,
                        request -> {
                            int shift = shifts.getAndIncrement();
                            if (shift > 0 && shift < 8) {
                                api.removeCall("ob-1", "call-" + 2 * shift);
                                call(
                                        "new-" + shift,
                                        json -> {},
                                        now().minusSeconds(3570).toString());
                            }
                            return false;
                        },
                        Fault.status(500));

        bundle.searchCalls();

        List<String> stayed = new ArrayList<>(ids(40));
        stayed.removeAll(IntStream.range(1, 8).mapToObj(i -> "call-" + 2 * i).toList());
        assertThat(published("callId")).containsAll(stayed).doesNotHaveDuplicates();
        bundle.searchCalls();
        assertThat(published("callId"))
                .containsAll(IntStream.range(1, 8).mapToObj(i -> "new-" + i).toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void aLongWindowIsReadInPartsSideBySide() {
        start("outbound.acme.search-calls.page-size=2");
        calls(50);

        bundle.searchCalls();

        assertThat(published("callId")).containsExactlyInAnyOrderElementsOf(ids(50));
        assertThat(to(requests().size() - 1)).isAfterOrEqualTo(to(0).minusSeconds(3600));
        assertThat(requests().stream()
                        .map(request -> request.json().path("toDate").asText())
                        .distinct())
                .hasSizeGreaterThan(4);
        bundle.searchCalls();
        assertThat(published("callId")).hasSize(50);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 9})
    void aCountBelowTheRowsGivenIsNoEnd(int count) {
        start("outbound.acme.search-calls.page-size=5");
        String rows = IntStream.range(0, 5)
                .mapToObj(i -> "{\"id\":\"call-%d\",\"startTime\":\"%s\"}".formatted(i, now().minusSeconds(60 - i)))
                .collect(Collectors.joining(","));
        for (int i = 0; i < 5; i++) {
            call("call-" + i, json -> {}, now().minusSeconds(60 - i).toString());
        }
        call("call-5", json -> {}, now().minusSeconds(20).toString());
        answerOnce(200, "{\"count\":" + count + ",\"results\":[" + rows + "]}");

        bundle.searchCalls();

        assertThat(published("callId")).contains("call-5");
        assertThat(cursor()).hasSize(1);
    }

    // --- time ---

    @Test
    void daysOfStandstillAreReadAfterwards() {
        start("outbound.acme.search-calls.lookback=1h");
        bundle.searchCalls();
        bundle.changeLedger("UPDATE cursor SET position = position - 3 * 86400000");
        call("while off", json -> {}, now().minus(50, ChronoUnit.HOURS).toString());

        bundle.searchCalls();

        assertThat(published("callId")).containsExactly("while off");
    }

    @Test
    void aClockThatWasAheadHidesNoCall() {
        start("outbound.acme.search-calls.lookback=1h");
        bundle.searchCalls();
        // The last run was at a time that is still to come.
        bundle.changeLedger("UPDATE cursor SET position = position + 3 * 86400000");
        call("present", json -> {}, now().minusSeconds(60).toString());

        bundle.searchCalls();

        assertThat(published("callId")).containsExactly("present");
        assertThat(cursor()).as("the cursor comes back to the present").containsExactly(to(1));
    }

    @Test
    void aStartThatIsStillToComeIsWaitedFor() {
        start("outbound.acme.search-calls.start=2099-01-01");

        bundle.searchCalls();

        assertThat(requests()).isEmpty();
        assertThat(cursor()).isEmpty();
    }

    @Test
    void whatTheClockSaysHereDoesNotMatter() {
        TimeZone before = TimeZone.getDefault();
        try {
            // Midnight of the day that has 25 hours there, seen from both sides of the change.
            TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
            start("outbound.acme.search-calls.start=2026-10-25T00:30:00Z");
            call("summer", json -> {}, "2026-10-25T02:30:00+02:00");
            call("winter", json -> {}, "2026-10-25T02:30:00+01:00");

            bundle.searchCalls();

            assertThat(published("startTime"))
                    .containsExactlyInAnyOrder("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
            assertThat(from(0)).isEqualTo("2026-10-25T00:30:00Z");
        } finally {
            TimeZone.setDefault(before);
        }
    }

    // --- calls that stay open ---

    @Test
    void anOpenCallIsReadUntilItIsFinalHoweverOld() {
        start("outbound.acme.search-calls.lookback=1h", "outbound.acme.search-calls.start=2026-01-01");
        call("long", json -> json.put("status", 3).put("conversationStatus", 40), "2026-02-01T00:00:00Z");
        bundle.searchCalls();
        openCallsAreDue();
        bundle.searchCalls();
        assertThat(published("final"))
                .as("unchanged, it is not published again")
                .containsExactly("false");
        assertThat(api.requests(Operation.GET_CALL)).isEqualTo(1);
        bundle.searchCalls();
        assertThat(api.requests(Operation.GET_CALL))
                .as("an old one is read seldom")
                .isEqualTo(1);

        api.changeCall("long", json -> json.put("status", 4).put("conversationStatus", 100));
        openCallsAreDue();
        bundle.searchCalls();
        openCallsAreDue();
        bundle.searchCalls();

        assertThat(published("final")).containsExactly("false", "true");
        assertThat(published("revision")).containsExactly("1", "2");
        assertThat(api.requests(Operation.GET_CALL)).isEqualTo(2);
    }

    @Test
    void aCallInsideTheWindowIsNotReadByItself() {
        start();
        call("young", json -> json.put("status", 3));
        bundle.searchCalls();
        openCallsAreDue();

        bundle.searchCalls();

        assertThat(api.requests(Operation.GET_CALL)).isZero();
    }

    @Test
    void aCallThatTheApiHasForgottenIsNotAskedForForEver() {
        start("outbound.acme.search-calls.lookback=1h", "outbound.acme.search-calls.start=2026-01-01");
        call("gone", json -> json.put("status", 3), "2026-02-01T00:00:00Z");
        bundle.searchCalls();
        api.removeCall("ob-1", "gone");

        for (int i = 0; i < 5; i++) {
            openCallsAreDue();
            bundle.searchCalls();
        }

        assertThat(api.requests(Operation.GET_CALL)).isEqualTo(3);
        assertThat(published("final")).containsExactly("false");
    }

    @Test
    void anOpenCallThatCannotBeReadIsReadLater() {
        start("outbound.acme.search-calls.lookback=1h", "outbound.acme.search-calls.start=2026-01-01");
        call("long", json -> json.put("status", 3), "2026-02-01T00:00:00Z");
        bundle.searchCalls();
        api.changeCall("long", json -> json.put("status", 4));
        openCallsAreDue();
        api.faults().next(1, Operation.GET_CALL, Fault.status(503));

        bundle.searchCalls();

        assertThat(published("final")).containsExactly("false");
        openCallsAreDue();
        bundle.searchCalls();
        assertThat(published("final")).containsExactly("false", "true");
    }

    @Test
    void openCallsThatCannotBeReadGoBehindTheOthersAndAreToldOfOnceARun() {
        start("outbound.acme.search-calls.lookback=1h", "outbound.acme.search-calls.start=2026-01-01");
        for (int i = 0; i < 5; i++) {
            call("call-" + i, json -> json.put("status", 3), "2026-02-0" + (i + 1) + "T00:00:00Z");
        }
        bundle.searchCalls();
        openCallsAreDue();
        api.faults().always(Operation.GET_CALL, request -> !request.id().equals("call-4"), Fault.status(500));

        List<String> lines = linesOf(CallSearch.class, () -> {
            bundle.searchCalls();
            bundle.searchCalls();
        });

        assertThat(lines)
                .containsExactly("WARN acme: 4 calls still in progress could not be read, to be read again later");
        assertThat(api.requests(Operation.GET_CALL)).as("not again at once").isEqualTo(5);
        Instant soon = now().plus(61, ChronoUnit.MINUTES);
        assertThat(ledger.number("SELECT count(*) FROM call WHERE read_at BETWEEN " + now().toEpochMilli() + " AND "
                        + soon.toEpochMilli()))
                .as("within an hour, though an old call is read seldom")
                .isEqualTo(4);
    }

    @Test
    void anApiThatTellsOfNoOpenCallIsNotAskedForEachOfMany() {
        start("outbound.acme.search-calls.lookback=1h", "outbound.acme.search-calls.start=2026-01-01");
        for (int i = 0; i < 60; i++) {
            call("call-" + i, json -> json.put("status", 3), "2026-02-01T00:%02d:00Z".formatted(i));
        }
        bundle.searchCalls();
        openCallsAreDue();
        api.faults().always(Operation.GET_CALL, Fault.status(500));

        bundle.searchCalls();
        assertThat(api.requests(Operation.GET_CALL)).isBetween(20L, 30L);
        api.faults().clear();
        bundle.searchCalls();
        assertThat(api.requests(Operation.GET_CALL)).as("the others").isEqualTo(60);
    }

    /** An API whose bounds are wider than asked for. */
    @Test
    void ofCallsBeforeTheWindowOnlyThoseThatAreKnownAreToldOfWhenTheyChange() {
        start("outbound.acme.search-calls.lookback=1h", "outbound.acme.search-calls.start=2026-01-01");
        call("known", json -> {}, "2026-02-01T00:00:00Z");
        call("open", json -> json.put("status", 3), "2026-02-02T00:00:00Z");
        bundle.searchCalls();
        answerOnce(200, """
                {"count":4,"results":[
                 {"id":"never seen","startTime":"2026-01-31T00:00:00Z","status":4},
                 {"id":"never seen and open","startTime":"2026-01-31T00:00:00Z","status":3},
                 {"id":"known","startTime":"2026-02-01T00:00:00Z","status":4,"tags":["reviewed"]},
                 {"id":"open","startTime":"2026-02-02T00:00:00Z","status":4}]}""");

        bundle.searchCalls();

        assertThat(published("callId")).containsExactly("known", "open", "known", "open");
        assertThat(published("revision")).containsExactly("1", "1", "2", "2");
        assertThat(published("final")).endsWith("true");
    }

    @Test
    void howLongAgoTheCallsWereReadIsMeasured() {
        startAnew();
        Gauge gauge = ((MeterRegistry) bundle.camel().getRegistry().lookupByName("metricsRegistry"))
                .get("pearl.calls.unread.seconds")
                .tag("outbound", "acme")
                .gauge();
        assertThat(gauge.value()).isNaN();

        bundle.searchCalls();
        assertThat(gauge.value()).isBetween(0.0, 60.0);
        bundle.changeLedger("UPDATE cursor SET position = position - 7200000");
        assertThat(gauge.value()).isBetween(7200.0, 7260.0);
    }

    /** What a class logs meanwhile, each line with its level. */
    private static List<String> linesOf(Class<?> logging, Runnable meanwhile) {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger logger = (Logger) LogManager.getLogger(logging);
        AbstractAppender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
            }
        };
        Level before = logger.getLevel();
        appender.start();
        logger.addAppender(appender);
        Configurator.setLevel(logger, Level.WARN);
        try {
            meanwhile.run();
        } finally {
            Configurator.setLevel(logger, before);
            logger.removeAppender(appender);
        }
        return lines;
    }

    private void openCallsAreDue() {
        bundle.changeLedger("UPDATE call SET read_at = 0 WHERE read_at IS NOT NULL");
    }

    private List<Integer> limits() {
        return requests().stream()
                .map(request -> request.json().path("limit").asInt())
                .toList();
    }

    // --- filters ---

    @Test
    void filtersAreSentAsConfigured() {
        start(
                "outbound.acme.search-calls.tags=hot, call back",
                "outbound.acme.search-calls.statuses=Success, Unreachable, 220",
                "outbound.acme.search-calls.search-input=+1202");

        bundle.searchCalls();

        assertThat(body(0).path("tags")).extracting(JsonNode::asText).containsExactly("hot", "call back");
        assertThat(body(0).path("statuses")).extracting(JsonNode::asInt).containsExactly(100, 150, 220);
        assertThat(body(0).path("searchInput").asText()).isEqualTo("+1202");
    }

    @Test
    void withoutFiltersNoneAreSent() {
        start();

        bundle.searchCalls();

        assertThat(body(0).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("fromDate", "toDate", "skip", "limit", "sortProp", "isAscending");
        SandboxRequest request = requests().get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/Outbound/ob-1/Calls");
        assertThat(request.header("Content-Type")).startsWith("application/json");
        assertThat(request.header("Accept")).isEqualTo("application/json");
    }

    // --- events ---

    @Test
    void aCallThatIsReadAgainIsToldOnce() {
        start();
        calls(3);

        bundle.searchCalls();
        bundle.searchCalls();

        assertThat(published("callId")).containsExactlyElementsOf(ids(3));
        assertThat(published("revision")).containsOnly("1");
    }

    @Test
    void aChangedCallIsToldAgainAsItsNextRevision() {
        start();
        call("c", json -> json.put("status", 3).put("conversationStatus", 40).putNull("duration"));
        bundle.searchCalls();

        api.changeCall(
                "c",
                json -> json.put("status", 4).put("conversationStatus", 100).put("duration", 61));
        bundle.searchCalls();
        // After final too: a tag that people add later.
        api.changeCall("c", json -> json.withArray("tags").add("reviewed"));
        bundle.searchCalls();

        List<JsonNode> events = events();
        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .containsExactly("ai.nlpearl.call.updated", "ai.nlpearl.call.final", "ai.nlpearl.call.final");
        assertThat(published("revision")).containsExactly("1", "2", "3");
        assertThat(published("final")).containsExactly("false", "true", "true");
        assertThat(events).extracting(event -> event.path("id").asText()).doesNotHaveDuplicates();
        assertThat(data(0).has("duration")).isFalse();
        assertThat(data(1).path("duration").asInt()).isEqualTo(61);
        assertThat(data(2).path("tags")).extracting(JsonNode::asText).containsExactly("reviewed");
    }

    @Test
    void aCallThatTimeAloneMakesFinalIsToldAsFinal() {
        startAnew();
        call("c", json -> json.put("status", 8));
        bundle.searchCalls();
        assertThat(published("final")).containsExactly("false");

        // An hour later the API says the same of it, but it counts as over.
        bundle.close();
        api.changeCall(
                "c", json -> json.put("startTime", now().minusSeconds(7200).toString()));
        bundle = Bundle.start(home, api);
        bundle.searchCalls();
        assertThat(published("final")).containsExactly("false", "true");

        bundle.changeLedger("UPDATE call SET final = 0");
        bundle.close();
        bundle = Bundle.start(home, api);
        bundle.searchCalls();
        assertThat(published("final")).containsExactly("false", "true", "true");
        assertThat(published("revision")).containsExactly("1", "2", "3");
    }

    @Test
    void unknownCodesAreKeptAndNeverFinal() {
        start();
        call("a", json -> json.put("status", 2).put("conversationStatus", 100));
        call("b", json -> json.put("status", 4).put("conversationStatus", 999));
        call("c", json -> json.put("status", -7).put("conversationStatus", 165));

        bundle.searchCalls();

        assertThat(events()).allMatch(e -> e.path("type").asText().equals("ai.nlpearl.call.updated"));
        assertThat(data(0).path("status").toString()).isEqualTo("{\"code\":2}");
        assertThat(data(0).path("conversationStatus").toString()).isEqualTo("{\"code\":100,\"name\":\"Success\"}");
        assertThat(data(1).path("status").toString()).isEqualTo("{\"code\":4,\"name\":\"Completed\"}");
        assertThat(data(1).path("conversationStatus").toString()).isEqualTo("{\"code\":999}");
        assertThat(data(2).path("status").toString()).isEqualTo("{\"code\":-7}");
        assertThat(published("final")).containsOnly("false");
    }

    @Test
    void timesOfAnyPrecisionAndOffsetAreTold() {
        start("outbound.acme.search-calls.start=2026-11-20");
        answerOnce(200, """
                {"count":4,"results":[
                 {"id":"0","startTime":"2026-11-20T10:00:00Z"},
                 {"id":"7","startTime":"2026-11-20T10:00:00.1234567Z"},
                 {"id":"9","startTime":"2026-11-20T12:00:00.123456789+02:00"},
                 {"id":"-","startTime":"yesterday"}]}""");

        bundle.searchCalls();

        assertThat(published("startTime"))
                .containsExactly(
                        "2026-11-20T10:00:00Z", "2026-11-20T10:00:00.123456700Z", "2026-11-20T10:00:00.123456789Z", "");
    }

    // --- what the API may leave out ---

    @Test
    void rowsMayLackEverythingButTheirId() {
        start();
        answerOnce(200, """
                {"count":4,"results":[
                 {"id":"bare"},
                 {"id":"nulls","startTime":null,"conversationStatus":null,"status":null,"from":null,"to":null,
                  "duration":null,"tags":null},
                 {"id":null,"status":4},
                 {}]}""");

        bundle.searchCalls();

        assertThat(published("callId")).containsExactly("bare", "nulls");
        assertThat(data(1).toString())
                .isEqualTo("{\"outbound\":\"acme\",\"callId\":\"nulls\",\"final\":false,\"revision\":1,"
                        + "\"match\":\"none\"}");
        assertThat(cursor()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"count\":0,\"results\":[]}", "{\"count\":0,\"results\":null}", "{\"count\":0}"})
    void noCallsAreAnAnswer(String body) {
        start();
        answerOnce(200, body);

        bundle.searchCalls();

        assertThat(requests()).hasSize(1);
        assertThat(cursor()).hasSize(1);
        assertThat(events()).isEmpty();
    }

    // --- faults ---

    /** Each may be gone with the next request. */
    static Stream<Fault> passingTroubles() {
        return Stream.of(
                Fault.status(500),
                Fault.status(503, "<html>busy</html>"),
                Fault.garbage(),
                Fault.truncate().afterEffect(),
                Fault.drop(),
                Fault.status(200),
                Fault.status(200, "null"));
    }

    static Stream<Fault> faults() {
        return Stream.of(
                Fault.status(401),
                Fault.status(403, "{}"),
                Fault.status(405),
                Fault.status(200, "{}"),
                Fault.status(200, "{\"count\":null,\"results\":null}"),
                Fault.status(200, "{\"count\":5,\"results\":\"none\"}"));
    }

    @ParameterizedTest
    @MethodSource("passingTroubles")
    void aPageIsAskedForAgainBeforeTheRunIsGivenUp(Fault fault) {
        start("outbound.acme.search-calls.page-size=2");
        calls(5);
        api.faults().next(1, Operation.GET_CALLS, nth(2), fault);

        bundle.searchCalls();

        assertThat(cursor()).hasSize(1);
        assertThat(published("callId")).containsExactlyElementsOf(ids(5));
        assertThat(body(2)).as("the very same page").isEqualTo(body(1));
    }

    @Test
    void pausesThatTheApiAsksForNeverEndARun() {
        // Its pace stays low for a while.
        startAnew("outbound.acme.search-calls.page-size=2");
        calls(5);
        api.faults().next(5, Operation.GET_CALLS, Fault.tooManyRequests("1"));

        bundle.searchCalls();

        assertThat(cursor()).hasSize(1);
        assertThat(published("callId")).containsExactlyElementsOf(ids(5));
    }

    @Test
    void aServerThatCountsThePageAloneHidesNoCall() {
        start("outbound.acme.search-calls.page-size=2");
        Instant first = now().minusSeconds(600);
        for (int i = 0; i < 3; i++) {
            call("call-" + i, json -> {}, first.plusSeconds(i).toString());
        }
        answerOnce(
                200,
                "{\"count\":2,\"results\":[{\"id\":\"call-0\",\"startTime\":\"%s\"},{\"id\":\"call-1\",\"startTime\":\"%s\"}]}"
                        .formatted(first, first.plusSeconds(1)));

        bundle.searchCalls();

        assertThat(published("callId")).contains("call-2");
    }

    @Test
    void aRunThatIsGivenUpKeepsWhatItHasRead() {
        start(
                "outbound.acme.search-calls.start=2026-01-01T00:00:00Z",
                "outbound.acme.search-calls.lookback=1h",
                "outbound.acme.search-calls.page-size=2");
        for (int month = 1; month <= 6; month++) {
            call("call-" + (month - 1), json -> {}, "2026-0" + month + "-02T00:00:00Z");
        }
        AtomicInteger asked = new AtomicInteger();
        api.faults().always(Operation.GET_CALLS, request -> asked.incrementAndGet() > 3, Fault.status(401));

        bundle.searchCalls();

        assertThat(requests()).hasSize(3 + 1);
        assertThat(published("callId")).containsExactlyElementsOf(ids(4));
        assertThat(cursor()).as("up to what a further page has proven").containsExactly(from(2));
        api.faults().clear();
        bundle.searchCalls();

        assertThat(from(4)).isEqualTo(from(2).minus(1, ChronoUnit.HOURS));
        assertThat(published("callId")).containsExactlyElementsOf(ids(6));
    }

    @Test
    void aRunThatIsGivenUpIsToldOfInALineThatSaysWhy() {
        start();
        api.faults().always(Operation.GET_CALLS, Fault.status(401));

        assertThat(linesOf(RouteErrorReport.class, bundle::searchCalls))
                .containsExactly("WARN search-calls-acme failed and tries again at its next turn:"
                        + " ReadFailedException: the API answered 401");
    }

    @Test
    void aRunThatIsGivenUpLeavesNoWindowBehindThatReadsOn() {
        start("outbound.acme.search-calls.page-size=2");
        calls(50);
        api.faults().next(1, Operation.GET_CALLS, nth(4), Fault.hang());
        api.faults().next(1, Operation.GET_CALLS, nth(5), Fault.status(401));

        bundle.searchCalls();
        long read = ledger.number("SELECT count(*) FROM call");
        api.faults().release();
        await().until(() -> api.faults().hanging() == 0);
        int requests = requests().size();
        bundle.searchCalls();

        assertThat(read).isLessThan(50);
        assertThat(to(requests)).as("the next run, and nothing before it").isAfter(to(0));
        assertThat(published("callId")).containsExactlyInAnyOrderElementsOf(ids(50));
    }

    @Test
    void aPageThatFailsLeavesTheCursorAndIsReadAgain() {
        start("outbound.acme.search-calls.page-size=2");
        calls(5);

        List<Fault> faults = faults().toList();
        for (Fault fault : faults) {
            api.faults().clear();
            api.faults().next(1, Operation.GET_CALLS, nth(2), fault);
            int before = requests().size();

            bundle.searchCalls();

            assertThat(cursor()).as("cursor after %s", fault).isEmpty();
            assertThat(requests()).as("requests with %s", fault).hasSize(before + 2);
        }
        assertThat(published("callId")).containsExactlyElementsOf(ids(2));

        api.faults().clear();
        bundle.searchCalls();

        assertThat(published("callId")).containsExactlyElementsOf(ids(5));
        assertThat(cursor()).hasSize(1);
    }

    @Test
    void theWindowOfAFailedRunIsPartOfTheNext() {
        start("outbound.acme.search-calls.start=2026-01-01T00:00:00Z", "outbound.acme.search-calls.lookback=1h");
        call("old", json -> {}, "2026-02-01T00:00:00Z");
        answerOnce(401, "");

        bundle.searchCalls();
        bundle.searchCalls();

        assertThat(from(1)).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(published("callId")).containsExactly("old");
    }

    @Test
    void theCursorIsSavedLast() {
        start("outbound.acme.search-calls.page-size=3");
        calls(5);
        api.faults().next(1, Operation.GET_CALLS, nth(2), Fault.hang());

        CompletableFuture<Void> run = CompletableFuture.runAsync(bundle::searchCalls);
        await().until(() -> api.faults().hanging() == 1);

        assertThat(ledger.number("SELECT count(*) FROM call")).isEqualTo(3);
        assertThat(cursor()).isEmpty();
        api.faults().release();
        run.join();
        assertThat(ledger.number("SELECT count(*) FROM call")).isEqualTo(5);
        assertThat(cursor()).hasSize(1);
    }

    @Test
    void aCrashInTheMiddleOfARunMissesAndDoublesNothing() {
        startAnew("outbound.acme.search-calls.page-size=3");
        calls(5);
        bundle.searchCalls();
        ledger.awaitDelivered();
        bundle.close();
        // As if the process had died between the last page and the cursor.
        ledger.change("DELETE FROM cursor");

        bundle = Bundle.start(home, api);
        bundle.searchCalls();

        assertThat(published("callId")).containsExactlyElementsOf(ids(5));
        assertThat(cursor()).hasSize(1);
    }

    @Test
    void oneRunAtATimeHoweverSlowTheServer() {
        home = own;
        api = Bundle.sandbox().start();
        api.faults().always(Operation.GET_CALLS, Fault.delay(Duration.ofMillis(1300)));
        bundle = Bundle.start(home, api, "outbound.acme.search-calls.cron=0/1 * * * * ?");
        ledger = new LedgerFile(bundle.data());

        await().until(() -> requests().size() >= 2);

        assertThat(api.maxConcurrentRequests()).isEqualTo(1);
        assertThat(cursor()).hasSize(1);
    }

    // --- whose call it is ---

    @Test
    void aCallBelongsToTheLeadThatAloneHasItsNumber() {
        startAnew();
        bundle.drop("leads.csv", """
                phoneNumber,externalId
                +12025550111,crm-1
                +12025550122,crm-2
                +12025550122,crm-3
                """);
        bundle.receipt("leads.csv");
        call("mine", json -> json.put("to", "+12025550111").put("status", 3));
        call("ours", json -> json.put("to", "+12025550122").put("status", 3));
        call("nobody's", json -> json.put("to", "+12025550133"));
        call("numberless", json -> json.putNull("to"));

        bundle.searchCalls();

        assertThat(published("match")).containsExactly("phone", "ambiguous", "none", "none");
        JsonNode mine = data(0);
        assertThat(mine.path("externalId").asText()).isEqualTo("crm-1");
        assertThat(mine.path("leadId").asText())
                .isEqualTo(api.leads("ob-1").stream()
                        .filter(lead -> lead.externalId().equals("crm-1"))
                        .findFirst()
                        .orElseThrow()
                        .id());
        assertThat(mine.path("source").toString()).isEqualTo("{\"file\":\"leads.csv\",\"line\":2}");
        for (int i = 1; i < 4; i++) {
            assertThat(data(i).fieldNames()).toIterable().doesNotContain("leadId", "externalId", "source");
        }
    }

    // --- helpers ---

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** So many calls, one a minute, the oldest an hour ago. */
    private void calls(int n) {
        Instant first = now().minus(1, ChronoUnit.HOURS);
        for (int i = 0; i < n; i++) {
            call("call-" + i, json -> {}, first.plus(i, ChronoUnit.MINUTES).toString());
        }
    }

    private static List<String> ids(int n) {
        return IntStream.range(0, n).mapToObj(i -> "call-" + i).toList();
    }

    private void call(String id, Consumer<ObjectNode> change) {
        call(id, change, now().minusSeconds(30).plusMillis(placed++).toString());
    }

    private int placed;

    private void call(String id, Consumer<ObjectNode> change, String startTime) {
        api.addCall("ob-1", null, json -> {
            json.put("id", id).put("startTime", startTime);
            change.accept(json);
        });
    }

    private void answerOnce(int status, String body) {
        api.faults().next(1, Operation.GET_CALLS, Fault.status(status, body));
    }

    private List<SandboxRequest> requests() {
        return api.received(Operation.GET_CALLS);
    }

    private JsonNode body(int request) {
        return requests().get(request).json();
    }

    /** Each request asks for a millisecond more than is wanted, since bounds may be exclusive. */
    private Instant from(int request) {
        return Instant.parse(body(request).path("fromDate").asText()).plusMillis(1);
    }

    private Instant to(int request) {
        return Instant.parse(body(request).path("toDate").asText());
    }

    /** Matches the n-th request that is asked about. */
    private static Predicate<SandboxRequest> nth(int n) {
        AtomicInteger asked = new AtomicInteger();
        return request -> asked.incrementAndGet() == n;
    }

    private List<Instant> cursor() {
        return ledger.column("SELECT position FROM cursor WHERE outbound = 'acme'").stream()
                .map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)))
                .toList();
    }

    private List<JsonNode> events() {
        ledger.awaitDelivered();
        return new ArrayList<>(bundle.events("calls"));
    }

    private JsonNode data(int event) {
        return events().get(event).path("data");
    }

    /** A member of each event's data, as text; empty when absent. */
    private List<String> published(String member) {
        return events().stream()
                .map(event -> event.path("data").path(member).asText())
                .toList();
    }
}
