package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The wire: reads requests, checks the token, lets faults strike, writes answers. A waiting answer holds no thread. */
final class SandboxServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SandboxServer.class.getName());
    private static final int THREADS = 16;
    /** Connections waiting to be accepted; the JDK's 50 is short for a burst. */
    private static final int BACKLOG = 1024;

    private final SandboxOptions options;
    private final Api api;
    private final Store store;
    private final Faults faults;
    private final Observations observations;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, daemon("sandbox"));
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(1, daemon("sandbox-later"));
    private volatile String authorization;

    SandboxServer(SandboxOptions options, Api api, Store store, Faults faults, Observations observations) {
        this.options = options;
        this.api = api;
        this.store = store;
        this.faults = faults;
        this.observations = observations;
        token(options.token);
        // The server writes headers and body as two segments; with Nagle's algorithm the second waits for the client's
        // delayed acknowledgement, 40 ms a request. Read once, when the JDK's server class loads.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), options.port);
            if (options.tls == null) {
                server = HttpServer.create(address, BACKLOG);
            } else {
                HttpsServer https = HttpsServer.create(address, BACKLOG);
                https.setHttpsConfigurator(new HttpsConfigurator(options.tls));
                server = https;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The sandbox can't listen on port " + options.port, e);
        }
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    void token(String token) {
        authorization = "Bearer " + token;
    }

    URI url() {
        String scheme = options.tls == null ? "http" : "https";
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            serve(exchange);
        } catch (RuntimeException | Error e) {
            // The JDK's server would leave the client waiting for ever after an Error, and hide what went wrong.
            LOG.log(System.Logger.Level.ERROR, "The sandbox failed", e);
            send(exchange, Answer.empty(500));
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(options.maxBody + 1);
        observations.entered();
        if (body.length > options.maxBody) {
            send(exchange, Answer.empty(413));
            return;
        }
        SandboxRequest request = read(exchange, body);
        observations.saw(request);
        Answer refusal = authorization.equals(request.header("Authorization")) ? faults.refusal() : Answer.empty(401);
        Fault fault = refusal == null ? faults.strike(request) : null;
        if (fault != null) {
            fail(exchange, request, fault);
            return;
        }
        Answer answer = refusal == null ? api.answer(request) : refusal;
        if (options.latency.isZero()) {
            send(exchange, answer);
        } else {
            sendLater(options.latency, () -> send(exchange, answer));
        }
    }

    private SandboxRequest read(HttpExchange exchange, byte[] body) {
        String method = exchange.getRequestMethod();
        URI uri = exchange.getRequestURI();
        List<String> segments = Arrays.stream(uri.getRawPath().substring(1).split("/", -1))
                .map(SandboxServer::decode)
                .toList();
        Operation operation = Operation.NONE;
        Set<String> allowed = new TreeSet<>();
        for (Operation candidate : Operation.values()) {
            if (candidate.fits(segments, options.externalSpellings)) {
                allowed.add(candidate.method);
                operation = candidate.method.equals(method) ? candidate : operation;
            }
        }
        String id = operation.variable("id", segments);
        JsonNode json = parse(body);
        return new SandboxRequest(
                operation,
                method,
                uri.toString(),
                exchange.getRequestHeaders(),
                operation.variable("outbound", segments),
                id,
                externalId(operation, id, json),
                body,
                json,
                allowed);
    }

    private static String decode(String segment) {
        // Only paths are decoded here, in which a plus is a plus.
        return segment.indexOf('%') < 0
                ? segment
                : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static JsonNode parse(byte[] body) {
        try {
            return body.length == 0 ? null : Answer.JSON.readTree(body);
        } catch (IOException e) {
            return null;
        }
    }

    private String externalId(Operation operation, String id, JsonNode json) {
        return switch (operation) {
            case ADD_LEAD -> json == null ? null : json.path("externalId").textValue();
            case SEARCH_LEADS -> json == null ? null : json.path("searchInput").textValue();
            case GET_LEAD_BY_EXTERNAL_ID -> id;
            case GET_LEAD, UPDATE_LEAD ->
                store.lead(id) == null ? null : store.lead(id).externalId();
            default -> null;
        };
    }

    private void fail(HttpExchange exchange, SandboxRequest request, Fault fault) {
        Answer own = fault.isAfterEffect() ? api.answer(request) : null;
        switch (fault.kind()) {
            case ANSWER -> send(exchange, fault.answer(own));
            case TRUNCATE -> sendPart(exchange, fault.answer(own));
            case DROP -> {
                observations.left();
                exchange.close();
            }
            case HANG -> faults.hold(() -> send(exchange, own == null ? api.answer(request) : own));
            case DELAY -> sendLater(fault.delay(), () -> send(exchange, own == null ? api.answer(request) : own));
        }
    }

    private void sendLater(Duration delay, Runnable send) {
        try {
            later.schedule(() -> workers.execute(send), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closing: the connection goes anyway.
            observations.left();
        }
    }

    private void send(HttpExchange exchange, Answer answer) {
        write(exchange, answer, answer.body().length);
    }

    private void sendPart(HttpExchange exchange, Answer answer) {
        write(exchange, answer, answer.body().length + 100L);
    }

    private void write(HttpExchange exchange, Answer answer, long declaredLength) {
        // Before the first byte: a client that has its answer may send the next request before this thread continues.
        observations.left();
        try (exchange) {
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            if (declaredLength > 0) {
                exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of(options.contentType));
            }
            exchange.sendResponseHeaders(answer.status(), declaredLength == 0 ? -1 : declaredLength);
            exchange.getResponseBody().write(answer.body());
            exchange.getResponseBody().flush();
        } catch (IOException e) {
            // The client has gone, which is its right.
        }
    }

    @Override
    public void close() {
        faults.forgetHanging();
        later.shutdownNow();
        server.stop(0);
        workers.shutdownNow();
    }
}
