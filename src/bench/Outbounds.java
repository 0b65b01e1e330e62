import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What many outbounds cost the packaged program while nothing is to do: start, threads, CPU, memory and stop, and which threads
 * they are. Linux.
 *
 * <pre>java -cp 'target/pearl-routes/lib/*' src/bench/Outbounds.java [outbounds, 100] [jms: off|embedded, off] [seconds, 60]</pre>
 */
public final class Outbounds {
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(15);
    private static final Path PROGRAM = Path.of("target", "pearl-routes", "bin", "pearl-routes");
    private static final Pattern THREAD = Pattern.compile("(?m)^\"(.*?)\" .*?cpu=([\\d.]+)ms");

    /** Groups of threads that are printed. */
    private static final int MOST_GROUPS = 15;

    private Outbounds() {}

    public static void main(String[] args) throws Exception {
        int outbounds = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        String jms = args.length > 1 ? args[1] : "off";
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        Path folder = Files.createTempDirectory(
                Files.createDirectories(Path.of("target")).toAbsolutePath(), "outbounds");
        SandboxOptions options = new SandboxOptions().token("account:secret");
        for (int i = 0; i < outbounds; i++) {
            options.outbound(id(i), name(i));
        }
        try (Sandbox api = options.start()) {
            long begin = System.nanoTime();
            Process program = start(folder, api.url().toString(), outbounds, jms);
            try {
                await(program, folder, () -> Files.readString(folder.resolve("log")).contains("Health is at"));
                double started = since(begin);
                // What the start has left to do.
                TimeUnit.SECONDS.sleep(Math.min(20, seconds));
                measure(program, api, outbounds, jms, started, seconds);
                begin = System.nanoTime();
                program.destroy();
                program.waitFor();
                String log = Files.readString(folder.resolve("log"));
                System.out.printf(
                        Locale.ROOT,
                        "stopped in %.1f s with %d%s%n",
                        since(begin),
                        program.exitValue(),
                        log.contains("Forcing") ? ", FORCED" : "");
                log.lines().filter(line -> line.contains(" ERROR ")).limit(5).forEach(System.out::println);
            } finally {
                program.destroyForcibly().waitFor();
            }
        } finally {
            delete(folder);
        }
    }

    private static void measure(
            Process program, Sandbox api, int outbounds, String jms, double started, int seconds) throws Exception {
        Map<String, double[]> before = threads(program);
        long cpu = cpu(program);
        long searches = api.requests(Operation.GET_CALLS);
        long from = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        double took = since(from);
        double used = (cpu(program) - cpu) / 1e9;
        Map<String, double[]> after = threads(program);
        System.out.printf(
                Locale.ROOT,
                "%d outbounds, jms %s: started in %.1f s, %d threads, %d MB, %.1f %% of a core, %.1f Get Calls a second%n",
                outbounds,
                jms,
                started,
                status(program, "Threads"),
                status(program, "VmRSS") / 1024,
                100 * used / took,
                (api.requests(Operation.GET_CALLS) - searches) / took);
        System.out.printf("%-46s %8s %12s%n", "threads", "number", "% of a core");
        after.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<String, double[]> each) ->
                                -used(each, before) - each.getValue()[0] / 1000))
                .limit(MOST_GROUPS)
                .forEach(each -> System.out.printf(
                        Locale.ROOT,
                        "%-46s %8.0f %12.2f%n",
                        each.getKey(),
                        each.getValue()[0],
                        100 * used(each, before) / took));
    }

    /** Seconds of CPU since then. */
    private static double used(Map.Entry<String, double[]> group, Map<String, double[]> before) {
        return (group.getValue()[1] - before.getOrDefault(group.getKey(), new double[2])[1]) / 1000;
    }

    /** Number of threads and milliseconds of CPU, by the name without what tells one outbound or thread from another. */
    private static Map<String, double[]> threads(Process program) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process print = new ProcessBuilder(jcmd.toString(), Long.toString(program.pid()), "Thread.print").start();
        String text = new String(print.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, double[]> groups = new TreeMap<>();
        for (Matcher thread = THREAD.matcher(text); thread.find(); ) {
            String name = thread.group(1)
                    .replaceAll("%2F", "/")
                    .replaceAll("o\\d+", "*")
                    .replaceAll("\\d+", "#")
                    .replaceAll("Camel \\(.*?\\) thread ## - ", "");
            double[] group = groups.computeIfAbsent(name.length() > 46 ? name.substring(0, 46) : name, any -> new double[2]);
            group[0]++;
            group[1] += Double.parseDouble(thread.group(2));
        }
        return groups;
    }

    private static long cpu(Process program) {
        return program.info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static long status(Process program, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(program.pid()), "status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static String name(int outbound) {
        return "o" + outbound;
    }

    private static String id(int outbound) {
        return "id-" + outbound;
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Process program, Path folder, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.holds()) {
            if (!program.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("it did not start:\n" + Files.readString(folder.resolve("log")));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static Process start(Path folder, String api, int outbounds, String jms) throws IOException {
        Path config = Files.createDirectory(folder.resolve("config"));
        Path log = Path.of("log4j2.properties");
        Files.copy(PROGRAM.resolveSibling("../config").resolve(log), config.resolve(log));
        List<String> lines = new ArrayList<>(List.of(
                "nlpearl.sandbox=false",
                "nlpearl.base-url=" + api,
                "nlpearl.token=account:secret",
                "jms.broker-url=" + jms,
                "jms.username=bench",
                "jms.password=bench",
                "http.port=0"));
        for (int i = 0; i < outbounds; i++) {
            lines.add("outbound." + name(i) + ".id=" + id(i));
        }
        Files.writeString(
                config.resolve("application.properties"),
                lines.stream().collect(Collectors.joining("\n")));
        ProcessBuilder builder = new ProcessBuilder(PROGRAM.toAbsolutePath().toString());
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("CONFIG_DIR", config.toString());
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
