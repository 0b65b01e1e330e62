package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bounds of bodies: of one, of all at once, and of the time in which one comes. */
class BodyBudgetTest {
    private static final int MOST = 1_000;
    private static final Duration FOREVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(500);

    private final ServerOfTest server = new ServerOfTest();
    private final Queue<RoutingContext> working = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        server.close();
    }

    /** A server with memory for two bodies. */
    private URI start(Duration timeout, Duration abandoned) {
        BodyBudget budget = new BodyBudget(MOST, 2, timeout, abandoned);
        server.router
                .route()
                .handler(budget::admit)
                .failureHandler(
                        ctx -> ctx.response().setStatusCode(ctx.statusCode()).end());
        server.router.route("/work").handler(working::add);
        server.router.route().handler(ctx -> ctx.end("read " + ctx.body().length()));
        return server.start(new Connections());
    }

    private static String head(String path, String header) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n";
    }

    private static String answer(URI server, String request) throws IOException {
        try (RawHttp raw = new RawHttp(server)) {
            return raw.write(request).answer();
        }
    }

    private static String small(String path) {
        return head(path, "Content-Length: 2") + "{}";
    }

    @Test
    void aBodyThatTricklesIsGivenUpAndItsMemoryIsFree() throws IOException {
        URI address = start(SOON, FOREVER);
        try (RawHttp one = new RawHttp(address);
                RawHttp two = new RawHttp(address)) {
            one.write(head("/", "Content-Length: 1000") + "some");
            two.write(head("/", "Transfer-Encoding: chunked") + "4\r\nsome\r\n");
            assertThat(one.answer()).contains("408", "Too slow");
            assertThat(two.answer()).contains("408", "Too slow");
            assertThat(one.isClosed()).isTrue();
            assertThat(two.isClosed()).isTrue();
        }
        assertThat(answer(address, small("/"))).contains("200 OK", "read 2");
    }

    @Test
    void moreBodiesThanThereIsMemoryForAreToBeSentAgain() throws IOException {
        URI address = start(FOREVER, FOREVER);
        try (RawHttp one = new RawHttp(address);
                RawHttp two = new RawHttp(address)) {
            one.write(head("/", "Content-Length: 1000"));
            two.write(head("/", "Transfer-Encoding: chunked") + "3e8\r\n" + "x".repeat(1_000) + "\r\n");
            await().untilAsserted(() -> assertThat(answer(address, small("/")))
                    .contains("503", "retry-after: 5", "Too many requests at once"));
            assertThat(answer(address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .contains("200 OK");

            assertThat(one.write("x".repeat(1_000)).answer()).contains("200 OK", "read 1000");
            assertThat(answer(address, small("/"))).contains("200 OK");
        }
    }

    @Test
    void chunksAreCountedAsTheyCome() throws IOException {
        URI address = start(FOREVER, FOREVER);
        try (RawHttp one = new RawHttp(address);
                RawHttp two = new RawHttp(address);
                RawHttp three = new RawHttp(address)) {
            for (RawHttp each : List.of(one, two, three)) {
                each.write(head("/", "Transfer-Encoding: chunked") + "1\r\nx\r\n");
            }
            assertThat(answer(address, small("/"))).contains("200 OK");
            one.write("3e7\r\n" + "x".repeat(999) + "\r\n");
            two.write("3e6\r\n" + "x".repeat(998) + "\r\n");
            await().untilAsserted(() -> assertThat(answer(address, small("/"))).contains("503"));
            assertThat(three.write("2\r\nxx\r\n").answer()).contains("503", "Too many requests at once");

            assertThat(one.write("0\r\n\r\n").answer()).contains("read 1000");
            assertThat(two.write("0\r\n\r\n").answer()).contains("read 999");
        }
    }

    @Test
    void aProgramWithLittleMemoryTakesSmallerBodies() {
        assertThat(BodyBudget.inMemory(1L << 30, 32 << 20, 4).most()).isEqualTo(32 << 20);
        assertThat(BodyBudget.inMemory(128L << 20, 32 << 20, 4).most()).isEqualTo(16 << 20);
    }

    @Test
    void noBodyIsLargerThanItMayBeWhateverItSays() throws IOException {
        URI address = start(FOREVER, FOREVER);

        assertThat(answer(address, head("/", "Content-Length: 1001"))).contains("413", "at most 1000 bytes");
        assertThat(answer(
                        address,
                        head("/", "Transfer-Encoding: chunked") + "3e9\r\n" + "x".repeat(1_001) + "\r\n0\r\n\r\n"))
                .contains("413");
        assertThat(answer(address, head("/", "Content-Length: 1000") + "x".repeat(1_000)))
                .contains("read 1000");
        try (RawHttp patient = new RawHttp(address)) {
            patient.write(head("/", "Content-Length: 2\r\nExpect: 100-continue"));
            assertThat(patient.answer()).contains("100 Continue");
            assertThat(patient.write("{}").answer()).contains("200 OK");
        }
    }

    @Test
    void aBodyWhoseClientIsGoneCountsWhileItMayBeWorkedOn() throws IOException {
        URI address = start(FOREVER, Duration.ofSeconds(2));
        for (int i = 0; i < 2; i++) {
            try (RawHttp gone = new RawHttp(address)) {
                gone.write(head("/work", "Content-Length: 1000") + "x".repeat(1_000));
                int clients = i + 1;
                await().until(() -> working.size() == clients);
            }
        }
        await().until(() -> working.stream().map(RoutingContext::response).allMatch(HttpServerResponse::closed));

        assertThat(answer(address, small("/"))).contains("503");
        await().untilAsserted(() -> assertThat(answer(address, small("/"))).contains("200 OK"));
    }
}
