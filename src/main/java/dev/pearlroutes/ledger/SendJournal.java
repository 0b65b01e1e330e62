package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.SendJournalFile.Content;
import dev.pearlroutes.ledger.SendJournalFile.Owner;
import dev.pearlroutes.ledger.SendJournalFile.Unusable;
import dev.pearlroutes.ledger.tables.MetaTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The send journal: a file beside the ledger that says which requests of intents were begun, and what came back, until the ledger has
 * that. After a crash only what was on the wire is in doubt then, and not every intent that was durable.
 *
 * <p>It is written without a sync, so it survives the end of the process in any way, but no power cut; that costs two short writes a
 * lead. That an intent is <em>not</em> in it counts only in the journal of the last process that worked on this very ledger, in the same
 * boot of the machine, whole, and no younger than the ledger. In every other case nothing is known. Safe for several threads.
 */
public final class SendJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SendJournal.class);

    /** A name of the running system that each boot makes anew, in Linux [proc(5)]. */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final long RETRY_MILLIS = 500;

    private final Path path;
    private final String boot;
    private final byte[] ledger;
    private final Semaphore inFlight;
    private final Map<Intent, Integer> slots = new HashMap<>();
    private final Map<Intent, Entry> entries = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private long sequence;
    private long newestEvent;
    /** Null while no journal is kept. */
    private SendJournalFile file;

    private boolean closed;

    /**
     * Makes the journal of a ledger; nothing is written before {@link #open}.
     *
     * @param path of its file
     * @param maxInFlight requests that may be begun and have no outcome, at the same time
     */
    public SendJournal(Path path, KeyedHash ledger, int maxInFlight) {
        this(path, ledger, maxInFlight, bootOf(BOOT_ID));
    }

    /** @param boot name of the machine's boot; null where none is known, so that no journal is kept */
    SendJournal(Path path, KeyedHash ledger, int maxInFlight, String boot) {
        this.path = path;
        this.boot = boot;
        this.ledger = ledger.of("send journal");
        this.inFlight = new Semaphore(maxInFlight, true);
    }

    /** An intent by the number of its source, and its row there. */
    public record Intent(long source, long row) {}

    /**
     * What is known of an intent whose request was begun.
     *
     * @param begun a time at which its request had not been sent yet
     * @param text the API's id of an accepted lead, the reason of a rejected or lost one; else empty
     */
    public record Entry(State state, Instant begun, String text) {
        /** Stored by their order. */
        public enum State {
            /** The request was begun, and no outcome is known. */
            BEGUN,
            ACCEPTED,
            REJECTED,
            /** Nothing was processed: the intent may be sent again. */
            UNSENT,
            /** No usable answer came, or none at all. */
            LOST
        }
    }

    /** What the journal of the last process says of the intents that the ledger has as sending. */
    public static final class Previous {
        private final long start;
        private final Content content;
        private final String unusable;

        /** @param start number of the last process @param content null when it cannot be relied on */
        private Previous(long start, Content content, String unusable) {
            this.start = start;
            this.content = content;
            this.unusable = unusable;
        }

        /** Says why nothing is known; empty when the journal can be relied on. */
        public Optional<String> unusable() {
            return Optional.ofNullable(unusable);
        }

        /** Answers with what is known of an intent: empty when its request was not begun, BEGUN when that may be so or not. */
        public Optional<Entry> entry(Intent intent) {
            return content == null
                    ? Optional.of(new Entry(Entry.State.BEGUN, Instant.EPOCH, ""))
                    : Optional.ofNullable(content.entries().get(intent));
        }
    }

    /**
     * Reads the journal of the last process, and makes this process the last one, as a part of the transaction that settles what the
     * journal tells: it counts once.
     */
    public Previous takeOver(Transaction tx) {
        long start = tx.meta().get(MetaTable.STARTS).map(Long::valueOf).orElse(0L);
        tx.meta().put(MetaTable.STARTS, Long.toString(start + 1));
        try {
            if (boot == null) {
                throw new Unusable("is not kept on this system");
            }
            Content content = SendJournalFile.read(path);
            if (!content.owner().is(new Owner(ledger, boot, start))) {
                throw new Unusable("is of another process, ledger or boot of the machine");
            }
            if (content.newestEvent() > tx.events().newest()) {
                throw new Unusable("is younger than the ledger, of which a copy was put back");
            }
            return new Previous(start, content, null);
        } catch (Unusable e) {
            return new Previous(start, null, e.getMessage());
        } catch (IOException e) {
            return new Previous(start, null, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Begins the journal of this process, once the transaction of {@link #takeOver} is committed. */
    public synchronized void open(Previous previous) {
        if (boot == null) {
            return;
        }
        try {
            file = SendJournalFile.create(path, new Owner(ledger, boot, previous.start + 1));
            for (int slot = 0; slot < SendJournalFile.INTENTS; slot++) {
                free.add(slot);
            }
        } catch (IOException e) {
            // The journal before it has another number, so that it counts for nothing.
            LOG.warn("{} cannot be written ({}): after a crash more leads are unknown", path, e.toString());
        }
    }

    /**
     * Notes that a request is about to be made; once this returns it may. Waits while too many are on the wire.
     *
     * @throws InterruptedException when it was not noted, since the thread is interrupted or the journal is closed: the request must
     *     not be made
     */
    public void begin(Intent intent, Instant at) throws InterruptedException {
        inFlight.acquire();
        boolean begun = false;
        try {
            while (!begun) {
                begun = noteBegun(intent, at);
                if (!begun) {
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } finally {
            if (!begun) {
                inFlight.release();
            }
        }
    }

    /** Refuses once the journal is closed: a request that a late thread made then would not be in what the next process reads. */
    private synchronized boolean noteBegun(Intent intent, Instant at) throws InterruptedException {
        if (closed) {
            throw new InterruptedException("the send journal is closed");
        }
        return note(intent, new Entry(Entry.State.BEGUN, at, ""));
    }

    /** Notes what came of a request that was begun. @param text see {@link Entry}; null for none */
    public void end(Intent intent, Entry.State state, String text) {
        try {
            synchronized (this) {
                Entry begun = entries.get(intent);
                if (begun != null) {
                    note(intent, new Entry(state, begun.begun(), text == null ? "" : text));
                }
            }
        } finally {
            inFlight.release();
        }
    }

    /** Forgets intents, since the ledger has what became of them. @param newest number of the newest event of the ledger by then */
    public synchronized void recorded(Collection<Intent> intents, long newest) {
        try {
            if (file != null && newest > newestEvent) {
                newestEvent = newest;
                // Before a slot is used again: an older copy of the ledger must not find its intent missing here.
                file.writeNewestEvent(newest);
            }
        } catch (IOException e) {
            giveUp(e.toString());
        }
        for (Intent intent : intents) {
            entries.remove(intent);
            Integer slot = slots.remove(intent);
            if (slot != null) {
                free.add(slot);
            }
        }
    }

    /** Ends the journal. Where the ledger has all of it the file goes too: it would tell the next process nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        if (file != null) {
            closeFile();
            if (entries.isEmpty()) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    LOG.debug("{} was not deleted", path, e);
                }
            }
        }
    }

    private void closeFile() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("{} was not closed", path, e);
        }
        file = null;
    }

    /** @return false when the request must not be made: the journal cannot be written, and cannot be taken away either */
    private boolean note(Intent intent, Entry entry) {
        entries.put(intent, entry);
        if (file == null) {
            return true;
        }
        try {
            Integer slot = slots.get(intent);
            if (slot == null) {
                if (free.isEmpty()) {
                    return giveUp("more leads are under way than it has room for");
                }
                slot = free.remove();
                slots.put(intent, slot);
            }
            file.write(slot, ++sequence, intent, entry);
            return true;
        } catch (IOException e) {
            return giveUp(e.toString());
        }
    }

    /** Takes the journal away: where it lacks a request, nothing may be read out of it. */
    private boolean giveUp(String why) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.error("{} can neither be written ({}) nor deleted: nothing is sent until it can", path, why);
            return false;
        }
        closeFile();
        slots.clear();
        LOG.warn("{} is given up until the next start ({}): after a crash more leads are unknown", path, why);
        return true;
    }

    private static String bootOf(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return null;
        }
    }
}
