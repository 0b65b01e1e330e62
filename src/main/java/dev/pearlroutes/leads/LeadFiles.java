package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.KeyedHash;
import dev.pearlroutes.ledger.Source;
import dev.pearlroutes.ledger.Sources;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Takes dropped files and reads them once as a whole before anything of them is sent. */
public final class LeadFiles {
    /** What the names of result files, receipt and reason add to their source's. */
    private static final List<String> BESIDE = Stream.concat(
                    Stream.of(".receipt.json", ".reason.txt"),
                    Stream.of("accepted", "rejected", "skipped", "unknown", "outcomes")
                            .flatMap(kind -> Stream.of("." + kind + ".csv", "." + kind + ".jsonl")))
            .toList();

    private final Folders folders;
    private final Sources sources;
    private final Map<String, LeadMapper> mappers;
    private final Map<String, Charset> charsets;
    private final Clock clock;
    private final List<Long> left = new ArrayList<>();

    /** @param mappers and charsets by outbound */
    public LeadFiles(
            Folders folders,
            Sources sources,
            Map<String, LeadMapper> mappers,
            Map<String, Charset> charsets,
            Clock clock) {
        this.folders = folders;
        this.sources = sources;
        this.mappers = mappers;
        this.charsets = charsets;
        this.clock = clock;
    }

    /**
     * Takes a dropped file out of the inbox: a durable source first, then an atomic rename, so that a crash between the two
     * leaves a claim without a file, which {@link #takeStock} withdraws.
     *
     * @return the number of the source; null when the file is gone again
     */
    public Long claim(String outbound, File dropped) throws IOException {
        String name = SourceNames.free(dropped.getName(), clock.instant(), candidate -> taken(outbound, candidate));
        Source source = sources.claim(outbound, name, dropped.getName(), clock.instant());
        try {
            WholeFiles.move(dropped.toPath(), folders.work(source).resolve(name));
            return source.id();
        } catch (IOException e) {
            sources.withdraw(source.id());
            Files.deleteIfExists(folders.work(source));
            if (e instanceof NoSuchFileException) {
                return null;
            }
            throw e;
        }
    }

    /** A name also stands for those of its result files, so that no result can overwrite what somebody dropped. */
    private boolean taken(String outbound, String name) {
        return occupied(outbound, name)
                || BESIDE.stream()
                        .anyMatch(ending -> occupied(outbound, name + ending)
                                || (name.endsWith(ending)
                                        && sources.nameTaken(
                                                outbound, name.substring(0, name.length() - ending.length()))));
    }

    private boolean occupied(String outbound, String name) {
        return sources.nameTaken(outbound, name)
                || Files.exists(folders.done(outbound).resolve(name))
                || Files.exists(folders.failed(outbound).resolve(name));
    }

    /** Takes stock of the sources that the last run of the program left unfinished. To be called before any file is claimed. */
    public void takeStock() {
        left.clear();
        folders.removeEmptyWork();
        for (Source source : sources.unfinished()) {
            if (folders.locate(source) == null && source.state() == Source.State.CLAIMED) {
                sources.withdraw(source.id());
            } else {
                left.add(source.id());
            }
        }
    }

    /** What {@link #takeStock} found, oldest first. */
    public List<Long> left() {
        return List.copyOf(left);
    }

    /**
     * Reads the whole source, so that what is broken anywhere is not sent in part. A source that was scanned before a crash is
     * not scanned again.
     *
     * @throws UnreadableSourceException when nothing, or nothing more, of the source can be sent
     */
    public Run scan(long sourceId) throws IOException {
        Source source = sources.find(sourceId).orElseThrow();
        Path file = folders.locate(source);
        if (file == null) {
            throw new UnreadableSourceException("the file was taken away from " + folders.work(source));
        }
        if (source.state() != Source.State.CLAIMED) {
            // The ledger knows the rows by their numbers, which mean nothing in another file.
            if (!sha256(file).equals(source.sha256())) {
                throw new UnreadableSourceException("the file was changed after it had been begun");
            }
            return new Run(source, file, clock.instant());
        }
        long size;
        long rows;
        do {
            // Whoever had the file open when it was claimed may still be writing into it.
            size = Files.size(file);
            rows = countRows(source, file);
        } while (size != Files.size(file));
        return new Run(sources.scanned(sourceId, rows, sha256(file)), file, clock.instant());
    }

    /** Opens the source's file for another pass. */
    public LeadReader open(Source source, Path file) {
        return LeadReader.open(file, source.droppedAs(), charsets.get(source.outbound()));
    }

    private long countRows(Source source, Path file) {
        try (LeadReader reader = open(source, file)) {
            if (reader.csv()) {
                mappers.get(source.outbound()).checkColumns(reader.columns());
            }
            long rows = 0;
            while (reader.hasNext()) {
                reader.next();
                rows++;
            }
            return rows;
        }
    }

    private static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, KeyedHash.sha256())) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
