package dev.pearlroutes.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The deadline of a request, against a server that sends a byte now and then for ever. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpSinkClientTest {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private volatile String answer;

    HttpSinkClientTest() throws IOException {
        daemon(() -> {
            while (true) {
                Socket client = listener.accept();
                daemon(() -> drip(client));
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        closed.countDown();
        listener.close();
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                // Closed from either side.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends the answer at once, and then dots, each long before any timeout of a read. */
    private void drip(Socket client) throws IOException, InterruptedException {
        try (client) {
            OutputStream out = client.getOutputStream();
            out.write(answer.getBytes(StandardCharsets.US_ASCII));
            while (!closed.await(50, TimeUnit.MILLISECONDS)) {
                out.write('.');
            }
        }
    }

    private int post(Duration deadline) throws IOException {
        HttpClientBuilder builder = HttpClientBuilder.create().disableAutomaticRetries();
        new HttpSinkClient(deadline).configureHttpClient(builder);
        try (CloseableHttpClient client = builder.build()) {
            HttpPost request = new HttpPost("http://127.0.0.1:" + listener.getLocalPort() + "/");
            request.setEntity(new StringEntity("{}"));
            return client.execute(request, response -> {
                assertThat(response.getEntity()).isNull();
                return response.getCode();
            });
        }
    }

    @Test
    void anAnswerThatNeverComesToItsStatusEndsAtTheDeadline() {
        answer = "HTTP/1.1 200 OK\r\nX-Slow: ";

        assertThatThrownBy(() -> post(Duration.ofMillis(500)))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no answer within 500 ms");
    }

    @Test
    void ofAnAnswerThatNeverEndsTheStatusCounts() throws IOException {
        answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 1000000\r\n\r\n";

        assertThat(post(Duration.ofSeconds(3))).isEqualTo(202);
    }

    @Test
    void anAnswerThatEndsIsTakenAsItIs() throws IOException {
        answer = "HTTP/1.1 422 Unprocessable\r\nContent-Length: 2\r\n\r\n{}";

        assertThat(post(Duration.ofSeconds(15))).isEqualTo(422);
    }
}
