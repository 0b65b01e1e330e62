package dev.pearlroutes.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;

/** The check that the files at the ledger's path still are those that are open. */
final class LedgerFileCheck {
    private static final int IO_ERROR = 10;
    private static final Object MISSING = "missing";

    private final Path file;
    private final Path journal;
    private final Object fileKey;
    /** Key of the journal that the pool's one connection has open; null before its first transaction. */
    private final AtomicReference<Object> journalKey = new AtomicReference<>();

    private final AtomicReference<Path> takenAway = new AtomicReference<>();

    /** @param file the database, which exists */
    LedgerFileCheck(Path file) throws IOException {
        this.file = file;
        this.journal = file.resolveSibling(file.getFileName() + "-wal");
        this.fileKey = keyOf(file);
    }

    /** The failure that another file is at the ledger's path than is open: what is committed would be gone with the process. */
    static final class TakenAway extends SQLException {
        private static final long serialVersionUID = 1L;

        TakenAway(Path path) {
            super("the ledger file " + path
                    + " was taken away or replaced: stop the program, put it back, start again");
        }
    }

    void requireFile() throws SQLException {
        if (takenAway.get() == null && !fileKey.equals(keyNow(file))) {
            takenAway.compareAndSet(null, file);
        }
        if (takenAway.get() != null) {
            throw new TakenAway(takenAway.get());
        }
    }

    /** Requires the journal, in a transaction: SQLite makes one for the first connection and deletes it after the last. */
    void requireJournal() throws SQLException {
        Object now = keyNow(journal);
        Object open = journalKey.get();
        if (open != null && !open.equals(now)) {
            takenAway.compareAndSet(null, journal);
            throw new TakenAway(takenAway.get());
        }
        journalKey.set(now);
    }

    /** Forgets the journal when its connection is given up. */
    void forgetJournal() {
        journalKey.set(null);
    }

    private static Object keyNow(Path path) throws SQLException {
        try {
            return keyOf(path);
        } catch (NoSuchFileException e) {
            return MISSING;
        } catch (IOException e) {
            throw new SQLException("the ledger's folder cannot be read: " + e, null, IO_ERROR, e);
        }
    }

    /** Reads the key that sets a file apart from another one at its path; where there are no keys, only that it is there. */
    private static Object keyOf(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? "there" : key;
    }
}
