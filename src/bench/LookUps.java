import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How fast the packaged program settles unknown leads that are all due: the API is a loopback server that drops the answers of every
 * fourth lead of a file, half of them with their effect. The program is stopped, and started again when the settle time of all is over. From its
 * first search on it has to find the ones and send the others again.
 *
 * <pre>java src/bench/LookUps.java [unknown leads, 2000] [latency in ms, 50] [requests in flight, 16] [program, target/pearl-routes]</pre>
 */
public final class LookUps {
    private static final Duration SETTLE_TIME = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Of so many leads one is lost: more would pass for an outage. */
    private static final int EVERY = 4;

    /** Accepted behind the last one that is lost, so that a search is known not to lag. */
    private static final int LAST = 200;

    private LookUps() {}

    public static void main(String[] args) throws Exception {
        int unknown = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        int latency = args.length > 1 ? Integer.parseInt(args[1]) : 50;
        int inFlight = args.length > 2 ? Integer.parseInt(args[2]) : 16;
        Path program = Path.of(args.length > 3 ? args[3] : "target/pearl-routes").toAbsolutePath();
        // Else each answer waits for the client's acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")).toAbsolutePath(), "look-ups");
        try (Api api = new Api(unknown, latency)) {
            configure(folder, api.url(), inFlight);
            drop(folder, EVERY * unknown + LAST);
            run(program, folder, () -> {
                if (api.searched.get() > 0) {
                    throw new IllegalStateException("the settle time was over before all leads were sent");
                }
                return receipt(folder).contains("\"unknown\":" + unknown + ",");
            });
            TimeUnit.MILLISECONDS.sleep(SETTLE_TIME.toMillis());
            run(program, folder, () -> api.settled() == unknown && receipt(folder).contains("\"unknown\":0,"));
            api.requireOnceEach(EVERY * unknown + LAST);
            System.out.printf(
                    Locale.ROOT,
                    "%,d unknown leads, %d ms, %d in flight: settled in %.1f s by %,d searches and %,d resends; each lead once%n",
                    unknown,
                    latency,
                    inFlight,
                    api.seconds(),
                    api.searched.get(),
                    api.resent.get());
        } finally {
            delete(folder);
        }
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void run(Path program, Path folder, Condition until) throws Exception {
        Process process = start(program, folder);
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!until.holds()) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException("leads are not settled:\n" + Files.readString(folder.resolve("log")));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static String receipt(Path folder) throws IOException {
        Path receipt = folder.resolve("data/done/bench/leads.csv.receipt.json");
        return Files.exists(receipt) ? Files.readString(receipt).replace(" ", "") : "";
    }

    private static void drop(Path folder, int leads) throws IOException {
        StringBuilder csv = new StringBuilder("externalId,phoneNumber\n");
        IntStream.range(0, leads).forEach(i -> csv.append("crm-%d,+1415%07d%n".formatted(i, 2_000_000 + i)));
        Files.writeString(Files.createDirectories(folder.resolve("data/inbox/bench")).resolve("leads.csv"), csv);
    }

    private static void configure(Path folder, String api, int inFlight) throws IOException {
        Files.writeString(
                Files.createDirectory(folder.resolve("config")).resolve("application.properties"),
                String.join(
                        "\n",
                        "nlpearl.sandbox=false",
                        "nlpearl.base-url=" + api,
                        "nlpearl.token=account:secret",
                        "nlpearl.max-per-second=0",
                        "nlpearl.max-in-flight=" + inFlight,
                        "leads.settle-time=" + SETTLE_TIME.toSeconds() + "s",
                        "outbound.bench.id=bench",
                        "http.port=0"));
    }

    private static Process start(Path program, Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.resolve("bin/pearl-routes").toString());
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().put("CONFIG_DIR", folder.resolve("config").toString());
        builder.environment().put("DATA_DIR", folder.resolve("data").toString());
        return builder.start();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Takes leads and searches them by their externalIds. */
    private static final class Api implements AutoCloseable {
        private static final Pattern TEXT = Pattern.compile("\"(?:externalId|searchInput)\":\"crm-(\\d+)\"");

        final AtomicInteger searched = new AtomicInteger();
        final AtomicInteger resent = new AtomicInteger();
        private final int unknown;
        private final int latency;
        /** How often a lead was taken, by its number. */
        private final Map<Integer, Integer> taken = new ConcurrentHashMap<>();
        private final Set<Integer> lost = ConcurrentHashMap.newKeySet();
        private final Set<Integer> settled = ConcurrentHashMap.newKeySet();
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer server;
        private volatile long first;
        private volatile long last;

        Api(int unknown, int latency) throws IOException {
            this.unknown = unknown;
            this.latency = latency;
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        /** Counts the leads that were found or sent again. */
        int settled() {
            return settled.size();
        }

        /** From the first search to the answer by which the last lead was settled. */
        double seconds() {
            return (last - first) / 1e9;
        }

        void requireOnceEach(int leads) {
            if (taken.size() != leads || taken.values().stream().anyMatch(times -> times != 1)) {
                throw new IllegalStateException("of " + leads + " leads " + taken.size() + " came, or some came twice");
            }
        }

        private void answer(HttpExchange exchange) throws IOException {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher text = TEXT.matcher(body);
            int lead = text.find() ? Integer.parseInt(text.group(1)) : -1;
            String path = exchange.getRequestURI().getPath();
            try {
                if (path.endsWith("/Lead") && lead >= 0) {
                    add(exchange, lead);
                } else if (path.endsWith("/Leads") && lead >= 0) {
                    search(exchange, lead);
                } else if (path.endsWith("/Outbound")) {
                    send(exchange, 200, "[{\"id\":\"bench\",\"name\":\"bench\"}]");
                } else if (path.endsWith("/Leads") || path.endsWith("/Calls")) {
                    send(exchange, 200, "{\"count\":0,\"results\":[]}");
                } else {
                    send(exchange, 404, "{}");
                }
            } catch (InterruptedException e) {
                exchange.close();
            }
        }

        private void add(HttpExchange exchange, int lead) throws IOException, InterruptedException {
            boolean loses = lead % EVERY == 1 && lead < EVERY * unknown && lost.add(lead);
            if (!loses || lead % (2 * EVERY) == 1) {
                taken.merge(lead, 1, Integer::sum);
            }
            TimeUnit.MILLISECONDS.sleep(latency);
            if (loses) {
                exchange.close();
                return;
            }
            if (lost.contains(lead)) {
                resent.incrementAndGet();
                settle(lead);
            }
            send(exchange, 200, "{\"leadId\":\"lead" + lead + "\"}");
        }

        private void search(HttpExchange exchange, int lead) throws IOException, InterruptedException {
            if (searched.getAndIncrement() == 0) {
                first = System.nanoTime();
            }
            TimeUnit.MILLISECONDS.sleep(latency);
            boolean found = taken.containsKey(lead);
            if (found && lost.contains(lead)) {
                settle(lead);
            }
            send(
                    exchange,
                    200,
                    found
                            ? "{\"count\":1,\"results\":[{\"id\":\"lead%d\",\"externalId\":\"crm-%d\"}]}".formatted(lead, lead)
                            : "{\"count\":0,\"results\":[]}");
        }

        private void settle(int lead) {
            if (settled.add(lead)) {
                last = System.nanoTime();
            }
        }

        private static void send(HttpExchange exchange, int status, String json) throws IOException {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
