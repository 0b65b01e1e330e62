package dev.pearlroutes.ledger;

import dev.pearlroutes.files.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lock that keeps a ledger for one process. */
final class LedgerLock {
    private LedgerLock() {}

    /** @throws LedgerException when another process or another part of this one has the ledger, or its folder cannot be written */
    static ProcessLock take(Path file) {
        try {
            Files.createDirectories(file.getParent());
            // By whatever links it is reached, a ledger has one lock.
            Path real = Files.exists(file)
                    ? file.toRealPath()
                    : file.getParent().toRealPath().resolve(file.getFileName());
            return ProcessLock.take(real.resolveSibling(real.getFileName() + ".lock"))
                    .orElseThrow(() -> new LedgerException("another pearl-routes process works on the ledger " + file
                            + ": stop that one, or give this one a data.dir of its own"));
        } catch (IOException e) {
            throw new LedgerException("the ledger's folder " + file.getParent() + " cannot be written: " + e, e);
        }
    }
}
