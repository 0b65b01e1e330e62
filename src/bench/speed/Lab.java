package speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the programs that are compared, each in a process and a folder of its own, on the same leads. */
final class Lab implements AutoCloseable {
    static final int IN_FLIGHT = 32;

    private static final Path PROGRAM = Path.of("target", "pearl-routes").toAbsolutePath();
    /** On a disk: the ledger's syncs belong to what is measured. */
    static final Path FOLDER = Path.of("target", "bench").toAbsolutePath();

    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final long POLL_MS = 50;
    private static final int SECONDS_OF_LIMIT = 5;

    private final Options options;
    private final Server server;

    Lab(Options options) throws IOException {
        this.options = options;
        this.server = Server.start(options.server());
    }

    /** Makes one client for a job. */
    private interface Maker {
        Client make(Path folder, Path inbox) throws IOException;
    }

    /** What an ideal client reaches, in requests a second. */
    double limit(String settings) throws IOException, InterruptedException {
        server.reset(settings);
        Process client = new ProcessBuilder(Jvm.command(
                        List.of("-XX:+UseSerialGC"), Limit.class, server.url(), IN_FLIGHT, SECONDS_OF_LIMIT))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return Double.parseDouble(new String(client.getInputStream().readAllBytes()).strip());
    }

    Outcome pearl(Job job) throws IOException, InterruptedException {
        return run(job, this::receipts, (folder, inbox) -> pearl(folder, job));
    }

    Outcome plain(Job job, int threads) throws IOException, InterruptedException {
        return run(job, folder -> job.files(), (folder, inbox) -> plain(folder, inbox, threads));
    }

    /** @return seconds from the start of the process to its first request */
    double pearlToFirstPut(Job job) throws IOException, InterruptedException {
        return toFirstPut(job, (folder, inbox) -> pearl(folder, job));
    }

    /** @return seconds from the start of the process to its first request */
    double plainToFirstPut(Job job) throws IOException, InterruptedException {
        return toFirstPut(job, (folder, inbox) -> plain(folder, inbox, IN_FLIGHT));
    }

    /** What {@code src/bench/Export.java} reports, which checks that every call came once. */
    String export(int calls) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                options.java().resolve("bin").resolve("java").toString(),
                Path.of("src", "bench", "Export.java").toString(),
                Integer.toString(calls));
        builder.environment().put("JAVA_HOME", options.java().toString());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String report = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the export failed:\n" + report);
        }
        return report;
    }

    private interface Finished {
        long files(Path folder) throws IOException;
    }

    private Outcome run(Job job, Finished finished, Maker maker) throws IOException, InterruptedException {
        try (Client client = start(job, maker)) {
            Stats half = awaitAccepted(client, Math.max(1, job.leads() / 2));
            Duration cpuOfHalf = client.cpu();
            awaitAccepted(client, job.leads());
            while (finished.files(client.folder()) < job.files()) {
                pause(client);
            }
            Duration cpu = client.cpu();
            Stats stats = server.stats();
            stats.requireOnceEach(job.leads());
            return new Outcome(
                    stats,
                    stats.firstPut() - client.startedAt(),
                    micros(cpu) / job.leads(),
                    micros(cpu.minus(cpuOfHalf)) / Math.max(1, job.leads() - half.accepted()),
                    client.peakMegabytes());
        }
    }

    private double toFirstPut(Job job, Maker maker) throws IOException, InterruptedException {
        try (Client client = start(job, maker)) {
            return awaitAccepted(client, 1).firstPut() - client.startedAt();
        }
    }

    private Client start(Job job, Maker maker) throws IOException, InterruptedException {
        server.reset(job.server());
        Path folder = Files.createTempDirectory(Files.createDirectories(FOLDER), "run");
        Path inbox = Files.createDirectories(folder.resolve("data").resolve("inbox").resolve("bench"));
        for (int file = 0; file < job.files(); file++) {
            long firstLead = job.firstLead() + (long) file * job.leadsPerFile();
            LeadFile.write(inbox.resolve("leads-" + file + ".csv"), firstLead, job.leadsPerFile());
        }
        return maker.make(folder, inbox);
    }

    private Client pearl(Path folder, Job job) throws IOException {
        Path config = Files.createDirectory(folder.resolve("config"));
        Files.copy(PROGRAM.resolve("config").resolve("log4j2.properties"), config.resolve("log4j2.properties"));
        Files.writeString(
                config.resolve("application.properties"),
                """
                nlpearl.sandbox=false
                nlpearl.base-url=%s
                nlpearl.token=account:secret
                nlpearl.max-in-flight=%d
                nlpearl.max-per-second=0
                outbound.bench.id=bench
                http.port=0
                %s
                """
                        .formatted(server.url(), IN_FLIGHT, job.config()));
        ProcessBuilder builder =
                new ProcessBuilder(PROGRAM.resolve("bin").resolve("pearl-routes").toString());
        builder.environment().put("CONFIG_DIR", config.toString());
        builder.environment().put("DATA_DIR", folder.resolve("data").toString());
        // Files are whole when they are dropped: their wait is not what is measured.
        builder.environment().put("FILES_QUIET_TIME", "100ms");
        builder.environment().put("JAVA_HOME", options.java().toString());
        builder.environment().put("JAVA_OPTS", (job.javaOpts() + " " + options.javaOpts()).strip());
        return new Client(builder.directory(folder.toFile()));
    }

    private Client plain(Path folder, Path inbox, int threads) throws IOException {
        List<String> command =
                Jvm.command(options.java(), List.of(), PlainRoute.class, inbox, server.url(), threads);
        return new Client(new ProcessBuilder(command).directory(folder.toFile()));
    }

    private Stats awaitAccepted(Client client, long leads) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Stats stats = server.stats();
        while (stats.accepted() < leads) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(stats.accepted() + " of " + leads + " leads after " + PATIENCE);
            }
            pause(client);
            stats = server.stats();
        }
        return stats;
    }

    private static void pause(Client client) throws IOException, InterruptedException {
        client.requireAlive();
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }

    private long receipts(Path folder) throws IOException {
        try (Stream<Path> done = Files.list(folder.resolve("data").resolve("done").resolve("bench"))) {
            return done.filter(file -> file.toString().endsWith(".receipt.json")).count();
        }
    }

    private static double micros(Duration duration) {
        return duration.toNanos() / 1e3;
    }

    @Override
    public void close() {
        server.close();
    }
}
