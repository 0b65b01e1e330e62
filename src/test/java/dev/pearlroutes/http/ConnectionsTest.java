package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that bring no request, slowly or not at all, and more of them than there may be. */
class ConnectionsTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final Duration FOREVER = Duration.ofHours(1);

    private final ServerOfTest server = new ServerOfTest();

    @AfterEach
    void stop() {
        server.close();
    }

    /** @param delay after which a request is answered */
    private URI start(int most, Duration longestSilence, Duration delay) {
        Connections connections = new Connections(most, longestSilence);
        server.router.route().handler(ctx -> {
            connections.busy(ctx);
            server.vertx.setTimer(Math.max(1, delay.toMillis()), id -> ctx.end("well"));
        });
        return server.start(connections);
    }

    @Test
    void oneThatBringsNoRequestIsClosed() throws IOException {
        try (RawHttp silent = new RawHttp(start(10, Duration.ofMillis(200), Duration.ZERO))) {
            assertThat(silent.isClosed()).isTrue();
        }
    }

    @Test
    void oneWhoseHeadTricklesIsClosed() throws IOException {
        try (RawHttp slow = new RawHttp(start(10, Duration.ofMillis(500), Duration.ZERO))) {
            slow.write("GET / HTTP/1.1\r\nX: ");
            await().pollInterval(Duration.ofMillis(20)).until(() -> writeFails(slow));
        }
    }

    private static boolean writeFails(RawHttp connection) {
        try {
            connection.write("y");
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void oneThatWaitsForItsAnswerIsKeptAndClosedWhenItIsSilentAfterwards() throws IOException {
        try (RawHttp busy = new RawHttp(start(10, Duration.ofMillis(200), Duration.ofMillis(1_500)))) {
            assertThat(busy.write(REQUEST).answer()).contains("200 OK", "well");
            assertThat(busy.isClosed()).isTrue();
        }
    }

    @Test
    void theOneThatIsSilentLongestMakesWayAndBusyOnesStay() throws IOException {
        URI address = start(2, FOREVER, Duration.ofMillis(1_000));
        try (RawHttp busy = new RawHttp(address);
                RawHttp first = new RawHttp(address)) {
            busy.write(REQUEST);
            assertThat(busy.answer()).contains("200 OK");
            busy.write(REQUEST);
            try (RawHttp second = new RawHttp(address)) {
                assertThat(first.isClosed()).isTrue();
                assertThat(busy.answer()).contains("200 OK");
                assertThat(second.write(REQUEST).answer()).contains("200 OK");
            }
        }
    }
}
