package dev.pearlroutes.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The lock that keeps a ledger for one process. It is the operating system's, so that it ends with the process in any case. */
final class LedgerLock implements AutoCloseable {
    /**
     * Prefix of the system properties that name the ledgers of this JVM, for every class loader of it. A second
     * channel must not even be opened: on Linux its close() ends the lock of the first one.
     */
    private static final String HELD = "dev.pearlroutes.ledger.held.";

    private final FileChannel channel;
    private final String held;

    private LedgerLock(FileChannel channel, String held) {
        this.channel = channel;
        this.held = held;
    }

    /** @throws LedgerException when another process or another part of this one has the ledger, or its folder cannot be written */
    static LedgerLock take(Path file) {
        String held = null;
        FileChannel channel = null;
        try {
            Files.createDirectories(file.getParent());
            // By whatever links it is reached, a ledger has one lock.
            Path real = Files.exists(file)
                    ? file.toRealPath()
                    : file.getParent().toRealPath().resolve(file.getFileName());
            Path path = real.resolveSibling(real.getFileName() + ".lock");
            String property = HELD + path;
            if (System.getProperties().putIfAbsent(property, "") == null) {
                held = property;
                channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (channel.tryLock() != null) {
                    return new LedgerLock(channel, held);
                }
            }
        } catch (IOException e) {
            release(channel, held);
            throw new LedgerException("the ledger's folder " + file.getParent() + " cannot be written: " + e, e);
        }
        release(channel, held);
        throw new LedgerException("another pearl-routes process works on the ledger " + file
                + ": stop that one, or give this one a data.dir of its own");
    }

    @Override
    public void close() {
        release(channel, held);
    }

    private static void release(FileChannel channel, String held) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing was written through it, and the lock ends with the process at the latest.
        }
        if (held != null) {
            System.clearProperty(held);
        }
    }
}
