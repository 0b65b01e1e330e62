package dev.pearlroutes.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pearlroutes.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;

/** A receiver of results on a loopback port, which can go down and come back, and answers what a test asks for. */
public final class Receiver implements AutoCloseable {
    /** Takes the request and never answers, until the receiver is closed. */
    public static final int HANG = 0;

    public record Request(String method, String path, Headers headers, String body) {
        public JsonNode event() {
            return Given.json(body);
        }

        public String id() {
            return event().path("id").asText();
        }
    }

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile ToIntFunction<Request> status = request -> 200;
    private volatile String[] header = {};
    private HttpServer server;
    private ExecutorService threads;
    private final int port = Ports.free();

    public Receiver() {
        up();
    }

    public void up() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public void down() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** @param header name and value of a header of the answers, or nothing */
    public void answer(int status, String... header) {
        this.header = header;
        this.status = request -> status;
    }

    /** @param status of the answer to a request; or {@link #HANG} */
    public void answer(ToIntFunction<Request> status) {
        this.header = new String[0];
        this.status = status;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** All requests that came, also those that were not taken. */
    public List<Request> requests() {
        return requests;
    }

    public List<String> ids() {
        return requests.stream().map(Request::id).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Request request = new Request(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body);
        requests.add(request);
        int answer = status.applyAsInt(request);
        if (answer == HANG) {
            hang();
        } else {
            if (header.length > 0) {
                exchange.getResponseHeaders().set(header[0], header[1]);
            }
            exchange.sendResponseHeaders(answer, -1);
        }
        exchange.close();
    }

    private void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        down();
    }
}
