import com.sun.net.httpserver.HttpServer;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The receiver of an HTTP sink is down while calls arrive, then it comes back: which of the packaged program's events it has in
 * the end, compared with the file sink's.
 *
 * <pre>java -cp 'target/pearl-routes/lib/*' src/bench/Outage.java [minutes, 10] [calls, 1000]</pre>
 */
public final class Outage {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path PROGRAM = Path.of("target", "pearl-routes", "bin", "pearl-routes");
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    private Outage() {}

    public static void main(String[] args) throws Exception {
        double minutes = args.length > 0 ? Double.parseDouble(args[0]) : 10;
        int calls = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")).toAbsolutePath(), "outage");
        int port = freePort();
        try (Sandbox api = new SandboxOptions().token("account:secret").outbound("bench", "bench").start()) {
            Process program = start(folder, api.url().toString(), port);
            try {
                for (int i = 0; i < calls; i++) {
                    String id = "call-" + i;
                    api.addCall("bench", null, call -> call.put("id", id));
                    TimeUnit.NANOSECONDS.sleep((long) (minutes * 60e9 / calls));
                }
                List<String> received = new CopyOnWriteArrayList<>();
                ExecutorService threads = Executors.newCachedThreadPool();
                HttpServer receiver = receiver(port, received, threads);
                long up = System.nanoTime();
                await(program, folder, () -> published(folder).size() == calls
                        && new LinkedHashSet<>(received).containsAll(published(folder)));
                double seconds = (System.nanoTime() - up) / 1e9;
                report(minutes, calls, seconds, published(folder), received);
                receiver.stop(0);
                threads.shutdownNow();
            } finally {
                program.destroy();
                program.waitFor();
            }
        } finally {
            delete(folder);
        }
    }

    private static void report(double minutes, int calls, double seconds, List<String> published, List<String> received) {
        Set<String> delivered = new LinkedHashSet<>(received);
        Set<String> lost = new LinkedHashSet<>(published);
        lost.removeAll(delivered);
        System.out.printf(
                Locale.ROOT,
                "receiver down for %.1f min while %d calls arrived: %d events, %d delivered %.0f s after it came back,"
                        + " %d repeated, %d lost, %s order%n",
                minutes,
                calls,
                published.size(),
                delivered.size(),
                seconds,
                received.size() - delivered.size(),
                lost.size(),
                new ArrayList<>(delivered).equals(published) ? "in" : "NOT in");
    }

    private static HttpServer receiver(int port, List<String> received, ExecutorService threads) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            received.add(id(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Process program, Path folder, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (!program.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("not all events came:\n" + Files.readString(folder.resolve("log")));
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    /** The ids of the events in the file sink's files, in their order. */
    private static List<String> published(Path folder) throws IOException {
        List<String> ids = new ArrayList<>();
        Path results = folder.resolve("data/results/bench");
        if (Files.isDirectory(results)) {
            try (Stream<Path> files = Files.list(results)) {
                for (Path file : files.sorted().toList()) {
                    Files.readAllLines(file).forEach(line -> ids.add(id(line)));
                }
            }
        }
        return ids;
    }

    private static String id(String event) {
        Matcher id = ID.matcher(event);
        return id.find() ? id.group(1) : "none";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process start(Path folder, String api, int port) throws IOException {
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(
                folder.resolve("config").resolve("application.properties"),
                String.join(
                        "\n",
                        "nlpearl.sandbox=false",
                        "nlpearl.base-url=" + api,
                        "nlpearl.token=account:secret",
                        "outbound.bench.id=bench",
                        "outbound.bench.sinks=file,http",
                        "outbound.bench.http-sink.url=http://127.0.0.1:" + port + "/",
                        "outbound.bench.search-calls.cron=0/5 * * * * ?",
                        "http.port=0"));
        ProcessBuilder builder = new ProcessBuilder(PROGRAM.toAbsolutePath().toString());
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
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
}
