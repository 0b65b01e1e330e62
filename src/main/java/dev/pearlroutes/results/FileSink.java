package dev.pearlroutes.results;

import dev.pearlroutes.leads.Folders;
import dev.pearlroutes.leads.WholeFiles;
import dev.pearlroutes.ledger.Event;
import dev.pearlroutes.ledger.Outbox;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Appends events to {@code results/<outbound>/<stream>-YYYY-MM-DD.jsonl}, one a line, each once: the length with every
 * delivered event in it is in the ledger, and what a crash left behind that length is cut off before anything is appended.
 */
public final class FileSink {
    private final Folders folders;
    private final WholeFiles wholeFiles;
    private final Outbox outbox;
    private final Clock clock;
    private final Set<String> cut = ConcurrentHashMap.newKeySet();

    public FileSink(Folders folders, WholeFiles wholeFiles, Outbox outbox, Clock clock) {
        this.folders = folders;
        this.wholeFiles = wholeFiles;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Appends and syncs. @return the same delivery with the files' new lengths */
    public Delivery write(Delivery delivery) throws IOException {
        String outbound = delivery.outbound();
        if (cut.add(outbound)) {
            cutBack(outbound);
        }
        Map<String, StringBuilder> texts = new LinkedHashMap<>();
        // The day of delivery: a sink that catches up never writes into a file of a past day.
        LocalDate today = LocalDate.now(clock);
        for (Event event : delivery.events()) {
            texts.computeIfAbsent(event.stream() + "-" + today + ".jsonl", name -> new StringBuilder())
                    .append(event.json())
                    .append('\n');
        }
        Map<String, Long> lengths = new HashMap<>();
        try {
            for (Map.Entry<String, StringBuilder> text : texts.entrySet()) {
                Path file = folders.results(outbound).resolve(text.getKey());
                lengths.put(text.getKey(), append(file, text.getValue().toString()));
            }
        } catch (IOException e) {
            cut.remove(outbound);
            throw e;
        }
        return delivery.withFiles(lengths);
    }

    private long append(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        boolean isNew = Files.notExists(file);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            if (isNew) {
                wholeFiles.applyMode(file);
            }
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            return channel.size();
        }
    }

    /** Only today's files of this sink can have an unrecorded end; a file that the owner took away or emptied begins anew. */
    private void cutBack(String outbound) throws IOException {
        Map<String, Long> lengths = outbox.fileLengths(outbound);
        for (Map.Entry<String, Long> file : lengths.entrySet()) {
            truncate(folders.results(outbound).resolve(file.getKey()), file.getValue());
            if (!file.getKey().contains(LocalDate.now(clock).toString())) {
                outbox.closeFile(outbound, file.getKey());
            }
        }
        for (String stream : List.of(Events.LEADS, Events.CALLS)) {
            String name = stream + "-" + LocalDate.now(clock) + ".jsonl";
            // The first delivery of the day may have died before its length was recorded.
            if (!lengths.containsKey(name)) {
                truncate(folders.results(outbound).resolve(name), 0);
            }
        }
    }

    private static void truncate(Path file, long length) throws IOException {
        if (Files.exists(file) && Files.size(file) > length) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(length);
                channel.force(true);
            }
        }
    }
}
