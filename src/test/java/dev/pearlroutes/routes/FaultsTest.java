package dev.pearlroutes.routes;

import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.routes.Given.csv;
import static dev.pearlroutes.routes.Given.rings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of fault in the middle of a file, to the end: every lead is rung once, none is lost, none stays unknown. That of the
 * disk is in {@link DiskTroubleTest}, that of kill -9 in the kill campaign.
 */
class FaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LEADS = 60;

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().latency(Duration.ofMillis(10)).start();

    @AfterEach
    void close() {
        api.close();
    }

    private Bundle start(URI url, String... more) {
        String[] settings = Stream.concat(
                        Stream.of("nlpearl.max-in-flight=4", "nlpearl.response-timeout=1s", "leads.settle-time=1s"),
                        Stream.of(more))
                .toArray(String[]::new);
        return Bundle.start(home, url, settings);
    }

    private void awaitRequests(int atLeast) {
        await().atMost(PATIENCE).until(() -> api.requests(Operation.ADD_LEAD) >= atLeast);
    }

    /** @param requests how many Add Lead requests reached the API */
    private void assertEachRungOnce(Bundle bundle, long requests) {
        bundle.receipt("l.csv");
        await("the last unknown lead")
                .atMost(PATIENCE)
                .until(() -> Bundle.json(bundle.done("l.csv.receipt.json"))
                                .path("unknown")
                                .asInt()
                        == 0);
        assertReceipt(Bundle.json(bundle.done("l.csv.receipt.json")), "read=60 accepted=60");
        assertThat(api.ringsByExternalId()).isEqualTo(rings("crm", LEADS));
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(requests);
        await().atMost(PATIENCE).until(() -> bundle.health().equals("UP"));
    }

    /** What the lead does not survive before its effect it needs a second request for, after a look-up. */
    private static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("dropped after it was read, before the effect", Fault.drop(), 1),
                Arguments.of("dropped after the effect", Fault.drop().afterEffect(), 0),
                Arguments.of(
                        "hangs, after the effect",
                        Fault.delay(Duration.ofSeconds(2)).afterEffect(),
                        0),
                Arguments.of("truncated, after the effect", Fault.truncate().afterEffect(), 0),
                Arguments.of("garbage 200, after the effect", Fault.garbage().afterEffect(), 0),
                Arguments.of(
                        "200 without leadId, after the effect", Fault.noLeadId().afterEffect(), 0),
                Arguments.of("500 after the effect", Fault.status(500).afterEffect(), 0),
                Arguments.of("503 after the effect", Fault.status(503).afterEffect(), 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aLeadWithoutAnAnswerIsLookedUpAndRungOnce(String name, Fault fault, int again) {
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("crm-20"), fault);
        try (Bundle bundle = start(api.url())) {
            bundle.drop("l.csv", csv("crm", LEADS));
            assertEachRungOnce(bundle, LEADS + again);
        }
    }

    @Test
    void aConnectionDroppedBeforeItsRequestWasReadIsLookedUpAndRungOnce() throws Exception {
        try (Wire wire = new Wire(api.url());
                Bundle bundle = start(wire.url())) {
            wire.dropUnread(2);
            bundle.drop("l.csv", csv("crm", LEADS));
            // Nothing of the two came through; they are sent again when that is proven.
            assertEachRungOnce(bundle, LEADS);
        }
    }

    @Test
    void aConnectionResetInTheAnswerIsLookedUpAndRungOnce() throws Exception {
        try (Wire wire = new Wire(api.url());
                Bundle bundle = start(wire.url())) {
            bundle.drop("l.csv", csv("crm", LEADS));
            awaitRequests(10);
            wire.resetInAnswer(2);
            assertEachRungOnce(bundle, LEADS);
        }
    }

    @Test
    void aStormOf429LosesNothing() {
        Faults.Rule storm = api.faults().next(4, Operation.ADD_LEAD, Fault.tooManyRequests("0"));
        try (Bundle bundle = start(api.url())) {
            bundle.drop("l.csv", csv("crm", LEADS));
            assertEachRungOnce(bundle, LEADS + 4);
            assertThat(storm.struck()).isEqualTo(4);
        }
    }

    @Test
    void aTokenThatExpiresInTheMiddleOfAFileRejectsNothing() {
        try (Bundle bundle = start(api.url())) {
            bundle.drop("l.csv", csv("crm", LEADS));
            awaitRequests(20);
            api.token("account:another");
            await().atMost(PATIENCE).until(() -> bundle.health().contains("token"));
            assertThat(bundle.done("l.csv")).doesNotExist();
            long refused = api.requests(Operation.ADD_LEAD) - api.leads("ob-1").size();
            assertThat(refused).isBetween(1L, 4L);
            api.token(Bundle.TOKEN);
            bundle.receipt("l.csv");
            assertEachRungOnce(bundle, api.requests(Operation.ADD_LEAD));
        }
    }

    @Test
    void aWrongOutboundIdCorrectedWithARestartFinishesTheSameFile() {
        try (Bundle bundle = start(api.url(), "outbound.acme.id=ob-2")) {
            bundle.drop("l.csv", csv("crm", LEADS));
            await().atMost(PATIENCE).until(() -> bundle.health().contains("check outbound.acme.id"));
            assertThat(bundle.done("l.csv")).doesNotExist();
        }
        long refused = api.requests(Operation.ADD_LEAD);
        try (Bundle bundle = start(api.url())) {
            assertEachRungOnce(bundle, refused + LEADS);
        }
    }

    @Test
    void aServerThatIsDownForAWhileLosesNothing() throws Exception {
        try (Wire wire = new Wire(api.url());
                Bundle bundle = start(wire.url())) {
            bundle.drop("l.csv", csv("crm", LEADS));
            awaitRequests(20);
            wire.down();
            await().atMost(PATIENCE).until(() -> bundle.health().contains("cannot be reached"));
            assertThat(bundle.done("l.csv")).doesNotExist();
            wire.up();
            bundle.receipt("l.csv");
            assertEachRungOnce(bundle, LEADS);
        }
    }
}
