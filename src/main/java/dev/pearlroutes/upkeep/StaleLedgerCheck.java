package dev.pearlroutes.upkeep;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The check whether the ledger may be older than the files beside it: an old copy was put back, or it was taken away. Such a
 * ledger has forgotten who was called since, so that sending by it could call people twice.
 */
public final class StaleLedgerCheck {
    private static final String RECEIPT = ".receipt.json";
    private static final Pattern LEADS =
            Pattern.compile("[^.].*\\.(csv|json|jsonl|ndjson)(\\.gz)?(\\..*)?", Pattern.CASE_INSENSITIVE);

    private final DataFolders folders;
    private final Collection<String> outbounds;
    private final Ledger ledger;
    private final LedgerWatermark mark;
    private final ObjectMapper json = new ObjectMapper();

    public StaleLedgerCheck(DataFolders folders, Collection<String> outbounds, Ledger ledger, LedgerWatermark mark) {
        this.folders = folders;
        this.outbounds = List.copyOf(outbounds);
        this.ledger = ledger;
        this.mark = mark;
    }

    /** Looks for evidence, before anything is sent. @return what shows that the ledger is older; empty when nothing does */
    public Optional<String> evidence() {
        return mark.evidence()
                .or(() -> Stream.concat(
                                outbounds.stream().flatMap(outbound -> unknownReceipt(outbound).stream()),
                                strayWork().stream())
                        .findFirst()
                        .map(file -> "it knows nothing of " + file));
    }

    /** Lists the files at work that belong to no source of the ledger. */
    List<Path> strayWork() {
        List<Path> stray = new ArrayList<>();
        for (String outbound : outbounds) {
            for (Path folder : list(folders.data().resolve("work").resolve(outbound))) {
                String id = folder.getFileName().toString();
                if (Files.isDirectory(folder) && id.matches("[0-9]{1,18}") && isUnknown(Long.parseLong(id))) {
                    list(folder).stream().filter(StaleLedgerCheck::isLeads).forEach(stray::add);
                }
            }
        }
        return stray;
    }

    private boolean isUnknown(long source) {
        return ledger.transaction(tx -> tx.sources().find(source)).isEmpty();
    }

    /** Finds the first receipt of an outbound that the ledger doesn't know and should. */
    private Optional<Path> unknownReceipt(String outbound) {
        Set<String> known = Set.copyOf(ledger.transaction(tx -> tx.sources().finishedNames(outbound)));
        Instant begins = ledger.transaction(tx -> tx.meta().begins());
        return list(folders.done(outbound)).stream()
                .filter(file -> file.toString().endsWith(RECEIPT))
                .filter(file -> !known.contains(sourceName(file)))
                .filter(file -> finishedAt(file).isAfter(begins))
                .findFirst();
    }

    private static String sourceName(Path receipt) {
        String name = receipt.getFileName().toString();
        return name.substring(0, name.length() - RECEIPT.length());
    }

    private Instant finishedAt(Path receipt) {
        try {
            return Instant.parse(
                    json.readTree(receipt.toFile()).path("finishedAt").asText());
        } catch (IOException | DateTimeException e) {
            // No receipt of ours: it shows nothing.
            return Instant.MIN;
        }
    }

    private static boolean isLeads(Path file) {
        return LEADS.matcher(file.getFileName().toString()).matches();
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be read", e);
        }
    }
}
