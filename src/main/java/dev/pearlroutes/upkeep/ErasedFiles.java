package dev.pearlroutes.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.RecordedRows;
import dev.pearlroutes.intake.SourceOptions;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.SourceTable.Outdated;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.Mappers;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.receipts.OutcomeFiles;
import dev.pearlroutes.receipts.ReceiptFiles;
import dev.pearlroutes.receipts.ReceiptRefresh;
import dev.pearlroutes.receipts.Receipts;
import dev.pearlroutes.receipts.ResultFiles;
import dev.pearlroutes.receipts.RowResults;
import dev.pearlroutes.rows.FileSignature;
import dev.pearlroutes.rows.ReadOptions;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import dev.pearlroutes.rows.WorkbookSearch;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The erasure of a person from an outbound's sources, together with the ledger's rows of them, and from its events. */
final class ErasedFiles {
    private final DataFolders folders;
    private final AtomicFiles atomicFiles;
    private final Sources sources;
    private final Erasure erasure;
    private final Map<String, LeadMapper> mappers;
    private final FileIntake fileIntake;
    private final SourceOptions options;
    private final List<Source> unsearched = new ArrayList<>();
    private final MaskedFile maskedFile;
    private final RowResults rowResults;
    private final OutcomeFiles outcomeFiles;
    private final ReceiptRefresh receipts;
    private final Clock clock = Clock.systemUTC();
    private final PrintWriter out;

    ErasedFiles(Settings settings, Ledger ledger, DataFolders folders, PrintWriter out) {
        this.folders = folders;
        this.out = out;
        this.atomicFiles = new AtomicFiles(settings.filesMode());
        this.sources = new Sources(ledger);
        this.erasure = new Erasure(ledger);
        this.mappers = LeadMapper.byOutbound(settings);
        Events events = new Events(clock);
        Map<String, ReadOptions> byOutbound = SourceOptions.byOutbound(settings, folders);
        this.options = new SourceOptions(byOutbound, new Mappers(mappers));
        this.fileIntake = new FileIntake(
                folders, sources, new Mappers(mappers), byOutbound, new QuietFiles(settings.quietTime()), clock);
        this.maskedFile = new MaskedFile(fileIntake, atomicFiles);
        ResultFiles resultFiles = new ResultFiles(fileIntake, ledger, atomicFiles);
        this.rowResults = new RowResults(ledger);
        this.outcomeFiles = new OutcomeFiles(folders, atomicFiles, fileIntake, rowResults, new Shutdown(clock), clock);
        // What is written here was finished before, under lists that are on record.
        ReceiptFiles receiptFiles = new ReceiptFiles(folders, atomicFiles, sources, null);
        Receipts receipts = new Receipts(fileIntake, folders, resultFiles, outcomeFiles, receiptFiles, events);
        this.receipts = new ReceiptRefresh(sources, fileIntake, receipts, receiptFiles, events, clock);
    }

    /**
     * Erases in an order in which a kill loses nothing of what a repetition needs: what only the ledger's rows tell, such as the
     * externalIds of a number, is used up before they go.
     *
     * @return whether anything of the person was there
     */
    boolean erase(Outbound outbound, Person person) throws IOException {
        String name = outbound.name();
        int calls = erasure.eraseCalls(name, person::has);
        int events = erasure.eraseEvents(name, person::has)
                + EventFiles.mask(folders.results(name), person)
                + EventFiles.delete(folders.data().resolve("undelivered"), person);
        List<Erasure.Rows> erased = new ArrayList<>();
        int completed = 0;
        for (Source source : erasure.sources(name)) {
            Path file = file(source);
            completed += file != null && fileIntake.completeErasure(source, file) ? 1 : 0;
            Erasure.Rows rows = mask(outbound, source, file, person);
            if (!rows.numbers().isEmpty()) {
                erased.add(rows);
            }
        }
        erasure.erase(erased, clock.instant());
        for (Erasure.Rows rows : erased) {
            Source source = rows.source();
            if (rows.sha256() != null && !source.message()) {
                Path file = file(source);
                AtomicFiles.move(FileIntake.masked(file), file);
            }
            out.println(name + ": " + named(source) + ", "
                    + LogText.count(rows.numbers().size(), "row"));
        }
        for (Outdated changed : sources.changed()) {
            receipts.refresh(changed);
        }
        for (Outdated changed : rowResults.outdated()) {
            outcomeFiles.refresh(changed);
        }
        out.println(name + ": " + LogText.count(events, "event"));
        return calls + events + completed + erased.size() > 0;
    }

    /** Files that still hold the number or an externalId, or that can't be searched for them; the ledger's own are left out. */
    Set<Path> left(String outbound, Person person) throws IOException {
        Set<Path> left = new TreeSet<>();
        try (Stream<Path> found = Files.walk(folders.data())) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                Path inData = folders.data().relativize(file);
                boolean ofOutbound = inData.getNameCount() > 2
                        && (inData.getName(1).toString().equals(outbound) || inData.startsWith("undelivered"));
                if (ofOutbound && holds(file, person)) {
                    left.add(file);
                }
            }
        }
        return left;
    }

    /** Finds the person's rows and writes the masked copy of their file, which waits for the record of the erasure. */
    private Erasure.Rows mask(Outbound outbound, Source source, Path file, Person person) throws IOException {
        Set<Long> rows = new TreeSet<>(erasure.rows(source, person));
        if (source.message()) {
            return maskBody(source, rows, person);
        }
        String sha256 = null;
        if (file != null) {
            try {
                rows.addAll(rows(source, () -> fileIntake.open(source, file), person));
                if (!rows.isEmpty()) {
                    sha256 = Digests.sha256(maskedFile.write(source, file, rows, outbound.charset()));
                }
            } catch (UnreadableSourceException e) {
                // It can't be rewritten, and is named when it holds the person.
                out.println("Can't be read as leads: " + file + " (" + e.getMessage() + ")");
            }
        }
        return new Erasure.Rows(source, rows, sha256);
    }

    /** Of a request that is unfinished the ledger has the body; of every other one, and of messages, the checksum of it. */
    private Erasure.Rows maskBody(Source source, Set<Long> rows, Person person) throws IOException {
        Optional<byte[]> kept = erasure.body(source);
        byte[] masked = null;
        try {
            if (kept.isPresent()) {
                Supplier<RowReader> body = () -> RowReader.open(kept.get(), options.of(source));
                rows.addAll(rows(source, body, person));
                if (!rows.isEmpty()) {
                    try (RowReader reader = body.get()) {
                        masked = maskedFile.body(reader, folders.scratch().resolve("request." + source.id()), rows);
                    }
                }
            }
        } catch (UnreadableSourceException e) {
            unsearched.add(source);
        }
        // Who knows the rest of a body may find out by its checksum whose it was.
        return new Erasure.Rows(
                source, rows, Digests.sha256(masked == null ? Erasure.ERASED.getBytes(UTF_8) : masked), masked);
    }

    /** Lists the unfinished requests whose bodies cannot be read, so that they may still hold the person. */
    List<Source> unsearched() {
        return List.copyOf(unsearched);
    }

    /** Names a source; the name of a request has no meaning. */
    private static String named(Source source) {
        return source.request() ? "request " + source.id() : source.name();
    }

    private Path file(Source source) {
        Path located = folders.locate(source);
        Path failed = folders.failed(source);
        return located != null ? located : Files.exists(failed) ? failed : null;
    }

    private Set<Long> rows(Source source, Supplier<RowReader> opened, Person person) {
        Set<Long> rows = new TreeSet<>();
        try (RowReader reader = opened.get()) {
            LeadMapper mapper = mappers.get(source.outbound());
            long read = 0;
            while (reader.hasNext()) {
                Row row = reader.next();
                read = row.number();
                if (person.has(row, mapper)) {
                    rows.add(row.number());
                }
            }
            // Else the rows that the ledger has of the person are others in the file.
            RecordedRows.checkCount(source, read);
        }
        return rows;
    }

    /** Tells whether a file holds the person, or is one of which that cannot be told. */
    private boolean holds(Path file, Person person) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                BufferedInputStream content = new BufferedInputStream(plain, FileSignature.START)) {
            content.mark(FileSignature.START);
            FileSignature is = FileSignature.of(content);
            content.reset();
            if (is == FileSignature.WORKBOOK) {
                return WorkbookSearch.any(file, folders.scratch(), person::isIn);
            }
            // Of what is compressed or encrypted otherwise nothing can be told.
            return is != FileSignature.OTHER || isIn(content, person);
        } catch (UnreadableSourceException | ZipException | EOFException e) {
            return true;
        }
    }

    private static boolean isIn(InputStream content, Person person) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(content, StandardCharsets.ISO_8859_1));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (person.isIn(line)) {
                return true;
            }
        }
        return false;
    }
}
