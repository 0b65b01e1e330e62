package dev.pearlroutes.upkeep;

import dev.pearlroutes.leads.Folders;
import dev.pearlroutes.leads.WholeFiles;
import dev.pearlroutes.ledger.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file beside the ledger that says how far it had come: the number of its newest event. It may lag behind the ledger, by what
 * was recorded since the last note, but is never ahead of the one it was made by.
 */
public final class LedgerMark {
    private final Path file;
    private final WholeFiles wholeFiles;
    private final History history;
    private long noted = -1;

    public LedgerMark(Folders folders, WholeFiles wholeFiles, History history) {
        this.file = folders.data().resolve("ledger.mark");
        this.wholeFiles = wholeFiles;
        this.history = history;
    }

    /** Writes down how far the ledger is now. */
    public synchronized void note() throws IOException {
        long last = history.lastEvent();
        if (last != noted) {
            // Before it is written: where the disk is full, one line of the log a mark is enough.
            noted = last;
            // In place and not synced: a mark that is lost or cut off says less, never anything wrong.
            Files.writeString(file, last + "\n");
            wholeFiles.applyMode(file);
        }
    }

    /** What was noted last; 0 when there is no note that can be read. */
    long read() {
        try {
            String text = Files.readString(file);
            return text.endsWith("\n") ? Long.parseLong(text.trim()) : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
