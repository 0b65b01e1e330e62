import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How fast the packaged program reads an outbound's calls, with 128 MB of heap, against one plain loop that asks for page after
 * page. The API is a loopback server here; the program also records each call and appends its event to a file.
 *
 * <pre>java src/bench/Export.java [calls, 100000] [latency in ms, 5]</pre>
 */
public final class Export {
    private static final int PAGE = 100;
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration APART = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Path PROGRAM = Path.of("target", "pearl-routes", "bin", "pearl-routes");

    private Export() {}

    public static void main(String[] args) throws Exception {
        int calls = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        long latency = args.length > 1 ? Long.parseLong(args[1]) : 5;
        try (Api api = new Api(calls, latency)) {
            // Once for Java to compile.
            plainLoop(api);
            double loop = plainLoop(api);
            api.begin();
            String cost = program(api);
            double program = api.pages() / api.seconds();
            System.out.printf(
                    Locale.ROOT,
                    "%,d calls, %d a page, %d ms a page: plain loop %,.0f pages/s, program %,.0f pages/s (%.1f times, %d pages);"
                            + " events %,d, missed 0, repeated 0; the process with -Xmx128m took %s%n",
                    calls, PAGE, latency, loop, program, program / loop, api.pages(), calls, cost);
        }
    }

    /** One request after the other, each page parsed for its ids. @return pages a second */
    private static double plainLoop(Api api) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        Pattern id = Pattern.compile("\"id\":\"([^\"]+)\"");
        Set<String> ids = new HashSet<>();
        api.begin();
        while (ids.size() < api.calls) {
            String body = "{\"fromDate\":\"%s\",\"toDate\":\"%s\",\"skip\":%d,\"limit\":%d,\"isAscending\":true}"
                    .formatted(FIRST, Instant.now(), ids.size(), PAGE);
            HttpRequest request = HttpRequest.newBuilder(URI.create(api.url() + "/v1/Outbound/bench/Calls"))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            Matcher row = id.matcher(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
            while (row.find()) {
                ids.add(row.group(1));
            }
        }
        return api.pages() / api.seconds();
    }

    /** @return the most memory that the process had, and its CPU time */
    private static String program(Api api) throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")).toAbsolutePath(), "export");
        Process process = start(folder, api.url());
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            Path results = folder.resolve("data/results/bench");
            while (ids(results).size() < api.calls) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException("not all calls were published:\n" + Files.readString(folder.resolve("log")));
                }
                // Seldom: to read the results costs what is measured.
                TimeUnit.SECONDS.sleep(5);
            }
            List<String> published = ids(results);
            if (published.size() != new HashSet<>(published).size()) {
                throw new IllegalStateException("calls were published twice");
            }
            long megabytes = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElseThrow();
            long seconds = process.info().totalCpuDuration().orElseThrow().toSeconds();
            return megabytes + " MB and " + seconds + " s of CPU";
        } finally {
            process.destroy();
            process.waitFor();
            delete(folder);
        }
    }

    private static List<String> ids(Path results) throws IOException {
        if (!Files.isDirectory(results)) {
            return List.of();
        }
        Pattern id = Pattern.compile("\"callId\":\"([^\"]+)\"");
        try (Stream<Path> files = Files.list(results)) {
            return files.flatMap(Export::lines)
                    .map(id::matcher)
                    .filter(Matcher::find)
                    .map(found -> found.group(1))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process start(Path folder, String api) throws IOException {
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(
                folder.resolve("config").resolve("application.properties"),
                String.join(
                        "\n",
                        "nlpearl.sandbox=false",
                        "nlpearl.base-url=" + api,
                        "nlpearl.token=account:secret",
                        "nlpearl.max-per-second=0",
                        "outbound.bench.id=bench",
                        "outbound.bench.search-calls.start=" + FIRST,
                        "outbound.bench.search-calls.cron=0/5 * * * * ?",
                        "http.port=0"));
        ProcessBuilder builder = new ProcessBuilder(PROGRAM.toAbsolutePath().toString());
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("CONFIG_DIR", folder.resolve("config").toString());
        builder.environment().put("DATA_DIR", folder.resolve("data").toString());
        builder.environment().put("JAVA_OPTS", "-Xmx128m");
        return builder.start();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Final calls to numbers of nobody's, evenly apart, in ascending order of their start. */
    private static final class Api implements AutoCloseable {
        private static final Pattern MEMBER = Pattern.compile("\"(fromDate|toDate|skip|limit)\":\"?([^\",}]+)");

        private final int calls;
        private final long latency;
        private final String[] made;
        private final AtomicInteger pages = new AtomicInteger();
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer server;
        private volatile long first;
        private volatile long last;

        Api(int calls, long latency) throws IOException {
            this.calls = calls;
            this.latency = latency;
            // Before, so that the server takes little of the machine that is measured.
            this.made = IntStream.range(0, calls).mapToObj(Api::row).toArray(String[]::new);
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        /** Counts from the start. */
        void begin() {
            pages.set(0);
            first = 0;
        }

        int pages() {
            return pages.get();
        }

        /** From the first page to the last. */
        double seconds() {
            return (last - first) / 1e9;
        }

        private void answer(HttpExchange exchange) throws IOException {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!exchange.getRequestURI().getPath().endsWith("/Calls")) {
                send(exchange, "{\"count\":0,\"results\":[]}");
                return;
            }
            long now = System.nanoTime();
            first = first == 0 ? now : first;
            int from = 0;
            int to = calls - 1;
            int skip = 0;
            int limit = PAGE;
            Matcher member = MEMBER.matcher(body);
            while (member.find()) {
                String value = member.group(2);
                switch (member.group(1)) {
                    case "fromDate" -> from = Math.max(0, (int) -Math.floorDiv(-millis(value), APART.toMillis()));
                    case "toDate" -> to = (int) Math.min(calls - 1L, Math.floorDiv(millis(value), APART.toMillis()));
                    case "skip" -> skip = Integer.parseInt(value);
                    default -> limit = Math.min(PAGE, Integer.parseInt(value));
                }
            }
            int count = Math.max(0, to - from + 1);
            StringBuilder rows = new StringBuilder();
            for (int i = from + skip; i <= to && i < from + skip + limit; i++) {
                rows.append(rows.length() == 0 ? "" : ",").append(made[i]);
            }
            sleep();
            send(exchange, "{\"count\":" + count + ",\"results\":[" + rows + "]}");
            // Later runs look for newer calls, of which there are none.
            if (count > 0) {
                pages.incrementAndGet();
                last = System.nanoTime();
            }
        }

        private static long millis(String time) {
            return Duration.between(FIRST, Instant.parse(time)).toMillis();
        }

        private static String row(int i) {
            return "{\"id\":\"call-%d\",\"startTime\":\"%s\",\"conversationStatus\":100,\"status\":4,\"from\":\"+12025550100\",\"to\":\"+1202%07d\",\"duration\":%d,\"tags\":[]}"
                    .formatted(i, FIRST.plus(APART.multipliedBy(i)), 2_000_000 + i, i % 300);
        }

        private void sleep() {
            try {
                TimeUnit.MILLISECONDS.sleep(latency);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void send(HttpExchange exchange, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
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
