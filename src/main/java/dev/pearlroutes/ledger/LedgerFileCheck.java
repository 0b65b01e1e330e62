package dev.pearlroutes.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;

/** Tells whether the files at the ledger's path still are those that are open. */
final class LedgerFileCheck {
    private static final int IO_ERROR = 10;
    private static final Object MISSING = "missing";

    private final Path file;
    private final Path journal;
    private final Object fileKey;
    /** The key of the journal that the pool's one connection has open; null before its first transaction. */
    private final AtomicReference<Object> journalKey = new AtomicReference<>();

    private final AtomicReference<Path> takenAway = new AtomicReference<>();

    /** @param file the database, which exists */
    LedgerFileCheck(Path file) throws IOException {
        this.file = file;
        this.journal = file.resolveSibling(file.getFileName() + "-wal");
        this.fileKey = keyOf(file);
    }

    /** What is at the ledger's path is not what is open: whatever was committed would be gone with the process. */
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

    /** Inside a transaction, where SQLite has the journal open: it makes one for the first connection, drops it after the last. */
    void requireJournal() throws SQLException {
        Object now = keyNow(journal);
        Object open = journalKey.get();
        if (open != null && !open.equals(now)) {
            takenAway.compareAndSet(null, journal);
            throw new TakenAway(takenAway.get());
        }
        journalKey.set(now);
    }

    /** The connection is given up, and its journal with it. */
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

    /** What tells a file from another one put at its path; where the file system has no keys, only that it is there. */
    private static Object keyOf(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? "there" : key;
    }
}
