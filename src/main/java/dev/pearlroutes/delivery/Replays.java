package dev.pearlroutes.delivery;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.LogText;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replay of events, as a control file in {@code replay/<outbound>/} asks for it: {@code from} and {@code to}, dates of UTC, both
 * included, and {@code sink}, without which every sink of the outbound gets them. Events keep their ids.
 */
public final class Replays {
    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final Set<String> KEYS = new TreeSet<>(Set.of("from", "to", "sink"));

    private final Outbox outbox;
    private final AtomicFiles atomicFiles;
    private final Map<String, List<String>> sinks;
    private final Duration kept;
    private final Clock clock;

    private record Request(LocalDate from, LocalDate to, List<String> sinks) {}

    /**
     * @param sinks those of each outbound
     * @param kept how long events are kept
     */
    public Replays(
            Outbox outbox, AtomicFiles atomicFiles, Map<String, List<String>> sinks, Duration kept, Clock clock) {
        this.outbox = outbox;
        this.atomicFiles = atomicFiles;
        this.sinks = Map.copyOf(sinks);
        this.kept = kept;
        this.clock = clock;
    }

    /** Does what the file says. It is renamed first, so that this happens once, and ends as {@code F.done} or {@code F.failed}. */
    public void replay(String outbound, File dropped) throws IOException {
        Path started = beside(dropped, ".started");
        AtomicFiles.move(dropped.toPath(), started);
        String text;
        boolean done = false;
        try {
            text = emit(outbound, read(outbound, started));
            done = true;
            LOG.info("Replay of {}: {}", outbound, text);
        } catch (IllegalArgumentException e) {
            text = e.getMessage();
            LOG.error("Replay of {} by {}: {}", outbound, LogText.printable(dropped.getName()), text);
        }
        atomicFiles.write(
                beside(dropped, done ? ".done" : ".failed"),
                new String(Files.readAllBytes(started), StandardCharsets.UTF_8) + "\n# " + text + "\n");
        Files.delete(started);
    }

    private static Path beside(File dropped, String ending) {
        return dropped.toPath().resolveSibling(dropped.getName() + ending);
    }

    private Request read(String outbound, Path file) throws IOException {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("write it in UTF-8", e);
        }
        require(KEYS.containsAll(lines.stringPropertyNames()), "write lines of " + String.join(", ", KEYS) + " only");
        LocalDate from = date(lines, "from");
        LocalDate to = date(lines, "to");
        require(!to.isBefore(from), "to is before from");
        require(!kept.isZero(), "results.keep-events is 0, so no event is kept that could be emitted again");
        List<String> all = sinks.get(outbound);
        String sink = lines.getProperty("sink", "").strip();
        require(sink.isEmpty() || all.contains(sink), "the sinks of " + outbound + " are " + String.join(", ", all));
        return new Request(from, to, sink.isEmpty() ? all : List.of(sink));
    }

    private static LocalDate date(Properties lines, String key) {
        try {
            return LocalDate.parse(lines.getProperty(key, "").strip());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("write " + key + " = and a date such as 2026-11-30", e);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private String emit(String outbound, Request request) {
        Instant from = request.from().atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant end = request.to().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        StringBuilder said = new StringBuilder(request.from() + " to " + request.to() + ":");
        for (String sink : request.sinks()) {
            long events = outbox.replay(outbound, sink, from, end);
            said.append(' ')
                    .append(LogText.count(events, "event"))
                    .append(events == 1 ? " goes to " : " go to ")
                    .append(sink)
                    .append(" again.");
        }
        Instant oldest = clock.instant().minus(kept);
        if (from.isBefore(oldest)) {
            said.append(" Events from before ").append(oldest).append(" are kept no more.");
        }
        return said.toString();
    }
}
