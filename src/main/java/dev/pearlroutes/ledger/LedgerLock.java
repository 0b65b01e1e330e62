package dev.pearlroutes.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a ledger for one process. The lock is the operating system's, so that it ends with the process however that ends. */
final class LedgerLock implements AutoCloseable {
    private final FileChannel channel;

    private LedgerLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws LedgerException when another process has the ledger, or its folder cannot be written */
    static LedgerLock take(Path file) {
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        FileChannel channel = null;
        try {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return new LedgerLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // Held inside this very process: the same refusal as for another one.
        } catch (IOException e) {
            close(channel);
            throw new LedgerException("the ledger's folder " + file.getParent() + " cannot be written: " + e, e);
        }
        close(channel);
        throw new LedgerException("another pearl-routes process works on the ledger " + file
                + ": stop that one, or give this one a data.dir of its own");
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing was written through it, and the lock ends with the process at the latest.
        }
    }
}
