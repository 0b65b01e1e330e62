package dev.pearlroutes.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged program again and again, while the API has faults, and counts at the API. {@code -Dkills} says how often,
 * {@code -Dlanes} how many programs, each with an API of its own, run side by side, {@code -Dseed} repeats the choices of a
 * run, though not the moments at which two processes do what they do.
 */
class KillCampaignIT {
    private static final int KILLS = Integer.getInteger("kills", 8);
    private static final int LANES = Integer.getInteger("lanes", KILLS < 50 ? 1 : 2);
    private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000);

    /** From so many kills on, archived classes save more time in the starts than they take to archive. */
    private static final int WORTH_AN_ARCHIVE = 50;

    private static final Duration LONGEST_ARCHIVING = Duration.ofMinutes(3);

    @TempDir
    Path temp;

    @Test
    void nothingIsLostAndNobodyIsRungTwiceHoweverOftenItIsKilled() throws Exception {
        System.out.printf("Kill campaign: %d kills in %d lanes, -Dseed=%d%n", KILLS, LANES, SEED);
        Map<String, String> environment = KILLS < WORTH_AN_ARCHIVE ? Map.of() : archive();
        Instant start = Instant.now();
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<Campaign.Record>> lanes = new ArrayList<>();
            for (int lane = 0; lane < LANES; lane++) {
                int kills = KILLS / LANES + (lane < KILLS % LANES ? 1 : 0);
                Random random = new Random(SEED + lane);
                Path folder = Files.createDirectory(temp.resolve("lane-" + lane));
                lanes.add(threads.submit(() -> {
                    try (Campaign campaign = new Campaign(folder, kills, random, environment)) {
                        return campaign.run();
                    }
                }));
            }
            Campaign.Record all = new Campaign.Record(Map.of());
            for (Future<Campaign.Record> lane : lanes) {
                all = all.plus(lane.get());
            }
            System.out.printf(
                    "%n%s%d kills, %d s, -Dseed=%d%n",
                    all.table(), KILLS, Duration.between(start, Instant.now()).toSeconds(), SEED);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Lets a run in the sandbox archive the classes it has loaded, which halves what a start takes. */
    private Map<String, String> archive() throws Exception {
        Path archive = temp.resolve("classes.jsa");
        Path folder = Files.createDirectory(temp.resolve("archive"));
        try (Program program = new Program(folder)
                .with("HTTP_PORT", "0")
                .with("JAVA_OPTS", Program.JAVA_OPTS + " -XX:ArchiveClassesAtExit=" + archive + " -Xlog:cds=off")) {
            program.start().receipt(program.data(true).resolve("done").resolve("demo"), "sample-leads.csv");
            program.terminate(LONGEST_ARCHIVING);
        }
        return Map.of("JAVA_OPTS", Program.JAVA_OPTS + " -XX:SharedArchiveFile=" + archive);
    }
}
