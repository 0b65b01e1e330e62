package dev.pearlroutes.upkeep;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file beside the ledger with the number of its newest event. It may lag behind the ledger, by what was recorded since the last
 * note, but is never ahead of the one it was made by.
 */
public final class LedgerWatermark {
    private static final String ACCEPTING = "accepting\n";

    private final Path file;
    private final AtomicFiles atomicFiles;
    private final Ledger ledger;
    private long noted = -1;

    public LedgerWatermark(DataFolders folders, AtomicFiles atomicFiles, Ledger ledger) {
        this.file = folders.data().resolve("ledger.mark");
        this.atomicFiles = atomicFiles;
        this.ledger = ledger;
    }

    /** Writes the number down. */
    public synchronized void note() throws IOException {
        long last = newestEvent();
        if (last != noted) {
            // Before it is written: where the disk is full, one line of the log a mark is enough.
            noted = last;
            atomicFiles.write(file, last + "\n");
        }
    }

    private long newestEvent() {
        return ledger.transaction(tx -> tx.events().newest());
    }

    /** Puts every start ON HOLD until the next {@link #note}, while what a person has accepted is carried out. */
    void suspend() throws IOException {
        atomicFiles.write(file, ACCEPTING);
    }

    /** Answers what shows that the ledger is older than the mark, for the person who has to act; empty when nothing does. */
    Optional<String> evidence() {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("ledger.mark cannot be read (" + e + ")");
        }
        if (text.equals(ACCEPTING)) {
            return Optional.of("accept-ledger was begun and not ended, so repeat it");
        }
        if (!text.matches("[0-9]{1,18}\n")) {
            return Optional.of(
                    "ledger.mark is damaged, which nothing here does; delete it if you know that nobody has put"
                            + " another ledger in place");
        }
        long marked = Long.parseLong(text.strip());
        long newest = newestEvent();
        return marked > newest
                ? Optional.of("ledger.mark notes event " + marked + ", its newest is " + newest)
                : Optional.empty();
    }
}
