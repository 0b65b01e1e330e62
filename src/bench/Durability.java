import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What it costs that each lead's intent is on disk before its request: the packaged program sends the same file with its data
 * folder on a disk and with its data folder in memory, where a sync costs nothing, in turns. The API is a loopback server here.
 *
 * <pre>java src/bench/Durability.java [pairs of runs, 5] [leads, 60000] [latency in ms, 5] [folder on disk, target] [in memory, /dev/shm]</pre>
 */
public final class Durability {
    private static final int IN_FLIGHT = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path PROGRAM = Path.of("target", "pearl-routes", "bin", "pearl-routes");

    private Durability() {}

    /** @param cpu of the program, in µs a lead */
    private record Result(double leadsPerSecond, double cpu) {}

    public static void main(String[] args) throws Exception {
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int leads = args.length > 1 ? Integer.parseInt(args[1]) : 60_000;
        long latency = args.length > 2 ? Long.parseLong(args[2]) : 5;
        Path disk = Path.of(args.length > 3 ? args[3] : "target").toAbsolutePath();
        Path memory = Path.of(args.length > 4 ? args[4] : "/dev/shm").toAbsolutePath();
        System.out.printf(
                Locale.ROOT,
                "%d leads, latency %d ms, %d in flight; a sync on disk takes %.2f ms, in memory %.3f ms%n",
                leads, latency, IN_FLIGHT, syncMillis(disk), syncMillis(memory));
        List<Result> durable = new ArrayList<>();
        List<Result> volatileOnes = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            durable.add(run(disk, leads, latency));
            volatileOnes.add(run(memory, leads, latency));
            print("pair " + pair, durable.get(pair - 1), volatileOnes.get(pair - 1));
        }
        print("median", median(durable), median(volatileOnes));
    }

    private static void print(String what, Result durable, Result inMemory) {
        System.out.printf(
                Locale.ROOT,
                "%-8s disk %,7.0f leads/s, %4.0f µs CPU | memory %,7.0f leads/s, %4.0f µs CPU | disk/memory %.3f%n",
                what,
                durable.leadsPerSecond(),
                durable.cpu(),
                inMemory.leadsPerSecond(),
                inMemory.cpu(),
                durable.leadsPerSecond() / inMemory.leadsPerSecond());
    }

    /** Each figure's own median. */
    private static Result median(List<Result> results) {
        return new Result(
                results.stream().mapToDouble(Result::leadsPerSecond).sorted().toArray()[results.size() / 2],
                results.stream().mapToDouble(Result::cpu).sorted().toArray()[results.size() / 2]);
    }

    private static Result run(Path parent, int leads, long latency) throws Exception {
        Path folder = Files.createTempDirectory(parent, "durability");
        try (Api api = new Api(latency, leads)) {
            Path inbox = Files.createDirectories(folder.resolve("data").resolve("inbox").resolve("bench"));
            write(folder.resolve("leads"), leads);
            Files.move(folder.resolve("leads"), inbox.resolve("leads.csv"));
            Process program = start(folder, api.port());
            try {
                Path receipt = folder.resolve("data/done/bench/leads.csv.receipt.json");
                long end = System.nanoTime() + PATIENCE.toNanos();
                while (!Files.exists(receipt)) {
                    if (!program.isAlive() || System.nanoTime() > end) {
                        throw new IllegalStateException(
                                "no receipt of the leads:\n" + Files.readString(folder.resolve("log")));
                    }
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                Duration cpu = program.info().totalCpuDuration().orElse(Duration.ZERO);
                api.requireOnceEach();
                return new Result(api.leadsPerSecond(), cpu.toNanos() / 1e3 / leads);
            } finally {
                program.destroy();
                program.waitFor();
            }
        } finally {
            delete(folder);
        }
    }

    private static Process start(Path folder, int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(PROGRAM.toAbsolutePath().toString());
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(
                folder.resolve("config").resolve("application.properties"),
                String.join(
                        "\n",
                        "nlpearl.sandbox=false",
                        "nlpearl.base-url=http://127.0.0.1:" + port,
                        "nlpearl.token=account:secret",
                        "nlpearl.max-in-flight=" + IN_FLIGHT,
                        "nlpearl.max-per-second=0",
                        "outbound.bench.id=bench",
                        "http.port=0"));
        builder.environment().put("CONFIG_DIR", folder.resolve("config").toString());
        builder.environment().put("DATA_DIR", folder.resolve("data").toString());
        // The file is whole when it is dropped.
        builder.environment().put("FILES_QUIET_TIME", "100ms");
        return builder.start();
    }

    private static void write(Path file, int leads) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write("externalId,phoneNumber,firstName\n");
            for (int i = 0; i < leads; i++) {
                writer.write(String.format("crm-%d,+1202%07d,Zoë\n", i, 2_000_000 + i));
            }
        }
    }

    /** The median of what it takes to append 4 KiB and sync. */
    private static double syncMillis(Path parent) throws IOException {
        Path file = Files.createTempFile(parent, "sync", "");
        try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            long[] times = new long[101];
            for (int i = 0; i < times.length; i++) {
                channel.write(java.nio.ByteBuffer.allocate(4096));
                long before = System.nanoTime();
                channel.force(false);
                times[i] = System.nanoTime() - before;
            }
            java.util.Arrays.sort(times);
            return times[times.length / 2] / 1e6;
        } finally {
            Files.delete(file);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Takes every lead, after a latency; one thread a connection. */
    private static final class Api implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        private final long latency;
        private final int expected;
        private final Set<String> bodies = ConcurrentHashMap.newKeySet();
        private final AtomicInteger puts = new AtomicInteger();
        private volatile long from;
        private volatile long until;

        Api(long latency, int expected) throws IOException {
            this.latency = latency;
            this.expected = expected;
            Thread acceptor = new Thread(this::accept);
            acceptor.setDaemon(true);
            acceptor.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        /** Over the second half: in the first one Java is still compiling. */
        double leadsPerSecond() {
            return expected / 2 / ((until - from) / 1e9);
        }

        void requireOnceEach() {
            if (puts.get() != expected || bodies.size() != expected) {
                throw new IllegalStateException(puts + " requests, " + bodies.size() + " different leads of " + expected);
            }
        }

        private void accept() {
            try {
                while (true) {
                    Socket connection = socket.accept();
                    connection.setTcpNoDelay(true);
                    Thread thread = new Thread(() -> serve(connection));
                    thread.setDaemon(true);
                    thread.start();
                }
            } catch (IOException e) {
                // Closed: the run is over.
            }
        }

        private void serve(Socket connection) {
            try (connection) {
                InputStream in = new BufferedInputStream(connection.getInputStream());
                OutputStream out = connection.getOutputStream();
                while (true) {
                    String request = line(in);
                    if (request.isEmpty()) {
                        return;
                    }
                    int length = 0;
                    for (String header = line(in); !header.isEmpty(); header = line(in)) {
                        if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                            length = Integer.parseInt(header.substring(15).trim());
                        }
                    }
                    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                    String answer = "{\"count\":0,\"results\":[]}";
                    if (request.startsWith("PUT ")) {
                        answer = "{\"leadId\":\"" + taken(body) + "\"}";
                        TimeUnit.MILLISECONDS.sleep(latency);
                    }
                    out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + answer.length()
                                    + "\r\n\r\n" + answer)
                            .getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException | InterruptedException e) {
                // The program has ended.
            }
        }

        private int taken(String body) {
            bodies.add(body);
            int put = puts.incrementAndGet();
            if (put == expected / 2) {
                from = System.nanoTime();
            } else if (put == expected) {
                until = System.nanoTime();
            }
            return put;
        }

        /** Without its end; empty at the end of the stream. */
        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
