package dev.pearlroutes.files;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dropped files that could not be taken: each is skipped for a while, and logged once. */
public final class RejectedDrops {
    private static final Logger LOG = LoggerFactory.getLogger(RejectedDrops.class);
    private static final Duration SKIPPED_FOR = Duration.ofSeconds(5);
    /** Files. */
    private static final int MOST = 1_000;

    private final Clock clock;
    private final Map<String, Refusal> refused = new ConcurrentHashMap<>();

    public RejectedDrops(Clock clock) {
        this.clock = clock;
    }

    /** @param at time of the last attempt @param disk whether the disk is to blame and not the file */
    private record Refusal(Instant at, boolean disk, String why) {}

    /** Tells whether a file is skipped for now. */
    public boolean isSkipped(File dropped) {
        Refusal refusal = refused.get(dropped.getPath());
        return refusal != null && clock.instant().isBefore(refusal.at().plus(SKIPPED_FOR));
    }

    /**
     * Skips a file for a while. Past the bound nothing is remembered and nothing logged, to keep the log readable.
     *
     * @param disk whether the disk is to blame and not the file
     */
    public void add(File dropped, boolean disk, String why) {
        if (refused.size() < MOST || refused.containsKey(dropped.getPath())) {
            String line = LogText.printable(dropped.getPath()) + " " + why;
            Refusal before = refused.put(dropped.getPath(), new Refusal(clock.instant(), disk, line));
            if (before == null) {
                LOG.warn(line);
            }
        }
    }

    /** Tells whether it was logged that a file cannot be taken. */
    public boolean isNamed(File dropped) {
        return refused.containsKey(dropped.getPath());
    }

    /** Forgets a file that was taken after all. */
    public void taken(File dropped) {
        refused.remove(dropped.getPath());
    }

    /** Lists why files stay in the inbox for the disk's sake; empty while all are taken. */
    public List<String> reasons() {
        return refused.entrySet().stream()
                .filter(refusal -> refusal.getValue().disk() && Files.exists(Path.of(refusal.getKey())))
                .map(refusal -> refusal.getValue().why() + ".")
                .sorted()
                .toList();
    }
}
