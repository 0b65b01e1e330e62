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

/** Dropped files that could not be taken: each is left alone for a while, and told of once. */
public final class RejectedDrops {
    private static final Logger LOG = LoggerFactory.getLogger(RejectedDrops.class);
    private static final Duration REST = Duration.ofSeconds(5);
    private static final int MOST = 1_000;

    private final Clock clock;
    private final Map<String, Refusal> refused = new ConcurrentHashMap<>();

    public RejectedDrops(Clock clock) {
        this.clock = clock;
    }

    /** @param at when it was tried last @param disk whether the file itself is in order */
    private record Refusal(Instant at, boolean disk, String why) {}

    /** Whether a file is left alone for now. */
    public boolean rests(File dropped) {
        Refusal refusal = refused.get(dropped.getPath());
        return refusal != null && clock.instant().isBefore(refusal.at().plus(REST));
    }

    /**
     * Leaves a file alone for a while. Past the bound nothing is remembered and nothing logged, since the log is full of it.
     *
     * @param disk whether the file itself is in order
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

    /** A file was taken after all. */
    public void taken(File dropped) {
        refused.remove(dropped.getPath());
    }

    /** Why files in order stay in the inbox; empty while all are taken. */
    public List<String> reasons() {
        return refused.entrySet().stream()
                .filter(refusal -> refusal.getValue().disk() && Files.exists(Path.of(refusal.getKey())))
                .map(refusal -> refusal.getValue().why() + ".")
                .sorted()
                .toList();
    }
}
