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
 * run, though not the moments at which two processes do what they do. With {@code -DforgedBoot=true} each start finds the send journal of
 * another boot of the machine.
 */
class KillCampaignIT {
    private static final int KILLS = Integer.getInteger("kills", 8);
    private static final int LANES = Integer.getInteger("lanes", KILLS < 50 ? 1 : 2);
    private static final boolean FORGED_BOOT = Boolean.getBoolean("forgedBoot");
    private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000);

    @TempDir
    Path temp;

    @Test
    void nothingIsLostAndNobodyIsRungTwiceHoweverOftenItIsKilled() throws Exception {
        System.out.printf("Kill campaign: %d kills in %d lanes, -Dseed=%d%n", KILLS, LANES, SEED);
        Instant start = Instant.now();
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<Campaign.Record>> lanes = new ArrayList<>();
            for (int lane = 0; lane < LANES; lane++) {
                int kills = KILLS / LANES + (lane < KILLS % LANES ? 1 : 0);
                Random random = new Random(SEED + lane);
                Path folder = Files.createDirectory(temp.resolve("lane-" + lane));
                lanes.add(threads.submit(() -> {
                    try (Campaign campaign = new Campaign(folder, kills, random, FORGED_BOOT)) {
                        return campaign.run();
                    }
                }));
            }
            Campaign.Record all = new Campaign.Record(Map.of(), List.of());
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
}
