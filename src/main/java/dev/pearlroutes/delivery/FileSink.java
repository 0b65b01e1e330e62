package dev.pearlroutes.delivery;

import dev.pearlroutes.config.FileFormat;
import dev.pearlroutes.events.CsvEvents;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.model.Event;
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
import java.util.Map;

/**
 * The file sink: appends events to {@code results/<outbound>/<stream>-YYYY-MM-DD.jsonl}, or {@code .csv}, each once: the length with every
 * delivered event in it is in the ledger, and what a failed delivery left behind that length is cut off before anything is
 * appended.
 */
public final class FileSink {
    private final DataFolders folders;
    private final AtomicFiles atomicFiles;
    private final SinkFiles files;
    private final Map<String, FileFormat> formats;
    private final Clock clock;

    /** @param formats by outbound */
    public FileSink(
            DataFolders folders,
            AtomicFiles atomicFiles,
            SinkFiles files,
            Map<String, FileFormat> formats,
            Clock clock) {
        this.folders = folders;
        this.atomicFiles = atomicFiles;
        this.files = files;
        this.formats = Map.copyOf(formats);
        this.clock = clock;
    }

    /** Appends and syncs. @return the same delivery with the files' new lengths */
    public Delivery write(Delivery delivery) throws IOException {
        String outbound = delivery.outbound();
        FileFormat format = formats.get(outbound);
        // The day of delivery: a sink that catches up never writes into a file of a past day.
        String ending = "-" + LocalDate.now(clock) + "." + format.ending();
        Map<String, StringBuilder> texts = new LinkedHashMap<>();
        for (Event event : delivery.events()) {
            texts.computeIfAbsent(event.stream(), stream -> new StringBuilder())
                    .append(format == FileFormat.CSV ? CsvEvents.line(event) : event.json() + '\n');
        }
        // Each time, not only at the start: a delivery that the ledger could not note comes again as well.
        cutBack(outbound, ending);
        Map<String, Long> lengths = new HashMap<>();
        for (Map.Entry<String, StringBuilder> text : texts.entrySet()) {
            String name = text.getKey() + ending;
            Path file = folders.results(outbound).resolve(name);
            open(outbound, file);
            String header = format == FileFormat.CSV && Files.size(file) == 0 ? CsvEvents.header(text.getKey()) : "";
            lengths.put(name, append(file, header + text.getValue()));
        }
        return delivery.withFiles(lengths);
    }

    private void cutBack(String outbound, String todaysEnding) throws IOException {
        for (Map.Entry<String, Long> known : files.lengths(outbound).entrySet()) {
            Path file = folders.results(outbound).resolve(known.getKey());
            if (length(file) > known.getValue()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(known.getValue());
                    channel.force(true);
                }
            }
            if (!known.getKey().endsWith(todaysEnding)) {
                files.close(outbound, known.getKey());
            }
        }
    }

    /**
     * Notes a file's length before anything is appended to it, if the ledger does not have it: of a new file, of one that
     * the owner took away or emptied, which begins again, and of one that another ledger wrote, which is kept.
     */
    private void open(String outbound, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        if (Files.notExists(file)) {
            Files.createFile(file);
            atomicFiles.applyMode(file);
            AtomicFiles.syncFolder(file.getParent());
        }
        String name = file.getFileName().toString();
        Long known = files.lengths(outbound).get(name);
        if (known == null || known != Files.size(file)) {
            files.open(outbound, name, Files.size(file));
        }
    }

    private static long append(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            return channel.size();
        }
    }

    private static long length(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
