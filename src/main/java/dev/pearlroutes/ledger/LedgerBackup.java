package dev.pearlroutes.ledger;

import dev.pearlroutes.files.AtomicFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The backup of a ledger: a copy of it as it is at one moment, also while the program works on it. */
public final class LedgerBackup {
    private LedgerBackup() {}

    /**
     * Writes the copy aside, syncs and renames it, so that it is whole or not there.
     *
     * @param target must not exist; becomes readable by its owner alone
     * @throws LedgerException when it exists or cannot be written, or there is no ledger of this version
     */
    public static void write(String url, Path scratch, Path target) {
        LedgerDatabase database = new LedgerDatabase(url);
        database.requireFile();
        LedgerDatabase.useScratch(scratch);
        database.requireSchema();
        Path aside = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.deleteIfExists(aside);
            // SQLite writes into an empty file, and so the copy is nobody else's from its first byte on.
            Files.createFile(aside, ownerOnly(aside));
            try (Connection connection = database.reading();
                    PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
                copy.setString(1, aside.toString());
                copy.execute();
            }
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(aside, target);
            AtomicFiles.syncFolder(target.getParent());
        } catch (FileAlreadyExistsException e) {
            throw new LedgerException(target + " exists: a backup never replaces a file", e);
        } catch (IOException | SQLException e) {
            discard(aside);
            throw new LedgerException("the backup " + target + " cannot be written: " + e, e);
        }
    }

    /** Answers with the attributes of a file that only its owner may read; none where the file system knows none. */
    static FileAttribute<?>[] ownerOnly(Path file) throws IOException {
        return Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void discard(Path aside) {
        try {
            Files.deleteIfExists(aside);
        } catch (IOException e) {
            // The failure that led here is the one to report.
        }
    }
}
