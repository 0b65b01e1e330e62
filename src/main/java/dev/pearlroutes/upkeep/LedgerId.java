package dev.pearlroutes.upkeep;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file in the data folder with the id of the ledger that knows its files, so that no process works on them by another one. A copy of
 * the ledger, such as a backup, has its id too.
 */
public final class LedgerId {
    private final Path file;
    private final AtomicFiles atomicFiles;
    private final Ledger ledger;

    public LedgerId(DataFolders folders, AtomicFiles atomicFiles, Ledger ledger) {
        this.file = folders.data().resolve("ledger.id");
        this.atomicFiles = atomicFiles;
        this.ledger = ledger;
    }

    /**
     * Gives a data folder that is no ledger's yet to this one.
     *
     * @param aged whether the ledger seems older than the files beside it. Then a person has to say whose they are; where it has no work
     *     of its own, it stands in the place of one that was lost, and is held instead of refused
     * @throws LedgerException when the data folder is another ledger's, or that cannot be known
     */
    public void claim(boolean aged) {
        if (!aged) {
            claimIfNobodys();
        }
        if (!aged || !ledger.transaction(tx -> tx.sources().none())) {
            mismatch().ifPresent(mismatch -> {
                throw new LedgerException(mismatch
                        + ". Set ledger.url to the ledger of this folder, or data.dir to another folder. If that ledger is lost for"
                        + " good, see pearl-routes accept-ledger --help");
            });
        }
    }

    private void claimIfNobodys() {
        try {
            boolean nobodys;
            try {
                // Of two processes that start at the same moment one makes it.
                Files.createFile(file);
                nobodys = true;
            } catch (FileAlreadyExistsException e) {
                // Without an id when a crash came in between.
                nobodys = Files.size(file) == 0;
            }
            if (nobodys) {
                write();
            }
        } catch (IOException e) {
            throw new LedgerException(file + " cannot be written: " + e, e);
        }
    }

    /** Answers that the data folder is another ledger's, for a person; empty when it is this one's or nobody's. */
    public Optional<String> mismatch() {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(file + " cannot be read (" + e + ")");
        }
        return text.isEmpty() || text.equals(ledger.id())
                ? Optional.empty()
                : Optional.of("the data folder " + file.getParent() + " is of the ledger "
                        + (text.matches("[0-9a-f]{1,64}")
                                ? text
                                : "that " + file.getFileName() + " does not name rightly")
                        + ", and " + ledger.place() + " is the ledger " + ledger.id());
    }

    /** Gives the data folder to this ledger, whosever it was. */
    void write() throws IOException {
        atomicFiles.write(file, ledger.id() + "\n");
    }
}
