package dev.pearlroutes.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.model.Event;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters: what a sink refused for good, one file an event in {@code undelivered/<sink>/}, named by the event's id. A
 * file moved to {@code retry/} there is back at once, and its event is handed to the sink once more: taken, the file is removed;
 * refused, it has the new reason.
 */
public final class DeadLetterFiles {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterFiles.class);
    private static final String ENDING = ".json";
    private static final String RETRY = "retry";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final DataFolders folders;
    private final AtomicFiles atomicFiles;
    private final Outbox outbox;
    private final Map<String, List<String>> sinks;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** @param sinks those of each outbound */
    public DeadLetterFiles(
            DataFolders folders, AtomicFiles atomicFiles, Outbox outbox, Map<String, List<String>> sinks, Clock clock) {
        this.folders = folders;
        this.atomicFiles = atomicFiles;
        this.outbox = outbox;
        this.sinks = Map.copyOf(sinks);
        this.clock = clock;
    }

    Path folder(String sink) {
        return folders.undelivered(sink);
    }

    /** Counts the files of a sink. */
    public long count(String sink) throws IOException {
        Path folder = folder(sink);
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            return files.filter(file -> file.toString().endsWith(ENDING)).count();
        }
    }

    /**
     * An event that a sink refused for good.
     *
     * @param id the event's
     * @param type the event's
     * @param reason the sink's, or why nobody can tell
     * @param at when it was refused last, as the file says
     */
    public record DeadLetter(String id, String outbound, String type, String reason, String at) {}

    /**
     * Lists what a sink has refused, by id; only names are kept in memory of all that there is, and of these no more than are asked for.
     *
     * @param after id behind which the list begins; null for the beginning
     */
    public List<DeadLetter> list(String sink, String after, int most) throws IOException {
        NavigableSet<String> ids = new TreeSet<>();
        each(sink, id -> {
            if (after == null || id.compareTo(after) > 0) {
                ids.add(id);
                if (ids.size() > most) {
                    ids.pollLast();
                }
            }
        });
        List<DeadLetter> letters = new ArrayList<>();
        for (String id : ids) {
            letters.add(read(sink, id));
        }
        return letters;
    }

    private DeadLetter read(String sink, String id) throws IOException {
        try {
            JsonNode kept = json.readTree(folder(sink).resolve(id + ENDING).toFile());
            return new DeadLetter(
                    id,
                    kept.path("outbound").textValue(),
                    kept.path("event").path("type").textValue(),
                    kept.path("reason").textValue(),
                    kept.path("at").textValue());
        } catch (JsonProcessingException | NoSuchFileException e) {
            return new DeadLetter(id, null, null, "the file is gone or no JSON", null);
        }
    }

    /** Hands all that a sink has refused over once more, by moving the files to {@code retry/}. @return how many */
    public long retryAll(String sink) throws IOException {
        List<String> ids = new ArrayList<>();
        each(sink, ids::add);
        long moved = 0;
        for (String id : ids) {
            moved += retryOne(sink, id) ? 1 : 0;
        }
        return moved;
    }

    /** Hands one event over once more, by moving its file to {@code retry/}. @return false when the sink has refused no such event */
    public boolean retryOne(String sink, String id) throws IOException {
        Path file = folder(sink).resolve(id + ENDING);
        if (!ID.matcher(id).matches() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Path retry = folder(sink).resolve(RETRY);
        AtomicFiles.makeFolder(retry);
        try {
            AtomicFiles.move(file, retry.resolve(id + ENDING));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void each(String sink, Consumer<String> ids) throws IOException {
        if (!Files.exists(folder(sink))) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(sink), "*" + ENDING)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String id = name.substring(0, name.length() - ENDING.length());
                if (ID.matcher(id).matches()) {
                    ids.accept(id);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    void keep(Delivery delivery, String reason) throws IOException {
        Event event = delivery.event();
        ObjectNode file = json.createObjectNode()
                .put("outbound", delivery.outbound())
                .put("sink", delivery.sink())
                .put("reason", reason)
                .put("at", clock.instant().toString())
                .put("stream", event.stream());
        file.set("event", json.readTree(event.json()));
        atomicFiles.write(file(delivery), json.writeValueAsString(file) + "\n");
    }

    /** Removes the file of an event that was refused before and is taken now. */
    void remove(Delivery delivery) throws IOException {
        if (delivery.events().size() == 1 && Files.exists(folder(delivery.sink()))) {
            Files.deleteIfExists(file(delivery));
        }
    }

    private Path file(Delivery delivery) throws IOException {
        String id = json.readTree(delivery.event().json()).path("id").textValue();
        return folder(delivery.sink()).resolve(id + ENDING);
    }

    /** Hands the event of a file in {@code retry/} over once more. The file is put back first, so that it goes but once. */
    public void retry(String sink, File moved) throws IOException {
        Path back = folder(sink).resolve(moved.getName());
        AtomicFiles.move(moved.toPath(), back);
        try {
            outbox.appendFor(sink, event(sink, back));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            String why = e instanceof JsonProcessingException ? "it is no JSON" : e.getMessage();
            LOG.error("{} cannot be delivered again: {}", back, why);
        } catch (LedgerException e) {
            // Not recorded, so it is still to be handed over.
            try {
                AtomicFiles.move(back, moved.toPath());
            } catch (IOException stays) {
                LOG.error("{} was not delivered again: move it to {} once more", back, moved.getParent());
                e.addSuppressed(stays);
            }
            throw e;
        }
    }

    private Event event(String sink, Path file) throws IOException {
        JsonNode kept = json.readTree(file.toFile());
        String outbound = kept.path("outbound").asText();
        require(sinks.containsKey(outbound), "no outbound of the name in it is configured");
        require(sinks.get(outbound).contains(sink), "the outbound " + outbound + " has no sink " + sink);
        JsonNode event = kept.path("event");
        require(
                file.getFileName().toString().equals(event.path("id").asText() + ENDING),
                "its name is not the id of the event in it");
        return Event.of(outbound, kept.path("stream").asText(Events.LEADS), event.toString());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
