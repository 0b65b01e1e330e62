package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.SendJournal.Entry;
import dev.pearlroutes.ledger.SendJournal.Intent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The file of the send journal: slots of one size, the first two for the journal itself, each other for one intent. Each slot has a
 * checksum. A slot lies inside one page of memory and is written by one call of the operating system, which kill -9 does not cut: a slot
 * whose checksum is wrong was damaged by something else.
 */
final class SendJournalFile implements AutoCloseable {
    /** Intents that are begun and may not be on record yet: the batches of some sixteen files that are sent side by side. */
    static final int INTENTS = 8_190;

    /** Bytes that name a ledger. */
    static final int LEDGER = 16;

    private static final int SLOT = 512;
    private static final int SIZE = (INTENTS + 2) * SLOT;
    private static final int HEADER = 0;
    private static final int NEWEST_EVENT = 1;
    private static final int FIRST_INTENT = 2;
    /** First bytes of the file; the last one is the version of its format. */
    private static final long MAGIC = 0x50_52_53_45_4e_44_53_01L;

    private static final int CHECKSUM = Integer.BYTES;

    private final RandomAccessFile file;
    private final ByteBuffer slot = ByteBuffer.allocate(SLOT);
    private final CRC32C crc = new CRC32C();
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();

    private SendJournalFile(RandomAccessFile file) {
        this.file = file;
    }

    /**
     * Which process writes the journal, and for which ledger.
     *
     * @param ledger bytes that no other ledger has
     * @param boot of the machine: what was not synced survives no other
     * @param start number of the process among those that worked on the ledger
     */
    record Owner(byte[] ledger, String boot, long start) {
        boolean is(Owner other) {
            return Arrays.equals(ledger, other.ledger) && boot.equals(other.boot) && start == other.start;
        }
    }

    /** A journal as it was found. @param newestEvent of the ledger when the last outcome was recorded; 0 for none */
    record Content(Owner owner, long newestEvent, Map<Intent, Entry> entries) {}

    /** A journal that cannot be relied on. The message says why. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    /** Makes a journal that replaces the one before. The file has its full size at once: a full disk ends no write into it. */
    static SendJournalFile create(Path path, Owner owner) throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + ".part");
        Files.deleteIfExists(aside);
        // It holds ids of leads, and words of the API.
        Files.createFile(aside, LedgerBackup.ownerOnly(aside));
        Files.write(aside, new byte[SIZE]);
        SendJournalFile made = new SendJournalFile(new RandomAccessFile(aside.toFile(), "rw"));
        try {
            made.begin();
            byte[] boot = owner.boot().getBytes(StandardCharsets.UTF_8);
            made.slot
                    .putLong(MAGIC)
                    .putLong(owner.start())
                    .put(owner.ledger())
                    .put((byte) boot.length)
                    .put(boot);
            made.write(HEADER);
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /**
     * Reads a journal.
     *
     * @throws Unusable when there is none, or it is damaged
     * @throws IOException when the disk fails
     */
    static Content read(Path path) throws IOException, Unusable {
        if (!Files.exists(path)) {
            throw new Unusable("is missing");
        }
        byte[] all = Files.size(path) == SIZE ? Files.readAllBytes(path) : new byte[0];
        if (all.length != SIZE) {
            throw new Unusable("is damaged: its size is wrong");
        }
        ByteBuffer header = slot(all, HEADER);
        if (header == null || header.getLong() != MAGIC) {
            throw new Unusable("is damaged: it has no header");
        }
        long start = header.getLong();
        byte[] ledger = new byte[LEDGER];
        header.get(ledger);
        byte[] boot = new byte[header.get()];
        header.get(boot);
        ByteBuffer event = slot(all, NEWEST_EVENT);
        Map<Intent, Entry> entries = new HashMap<>();
        Map<Intent, Long> sequences = new HashMap<>();
        for (int number = FIRST_INTENT; number < INTENTS + FIRST_INTENT; number++) {
            ByteBuffer slot = slot(all, number);
            if (slot != null) {
                take(slot, entries, sequences);
            }
        }
        Owner owner = new Owner(ledger, new String(boot, StandardCharsets.UTF_8), start);
        return new Content(owner, event == null ? 0 : event.getLong(), entries);
    }

    /** Takes in a slot. An intent that was put back and planned again may have two: the later one counts. */
    private static void take(ByteBuffer slot, Map<Intent, Entry> entries, Map<Intent, Long> sequences) {
        long sequence = slot.getLong();
        Intent intent = new Intent(slot.getLong(), slot.getLong());
        Instant begun = Instant.ofEpochMilli(slot.getLong());
        Entry.State state = Entry.State.values()[slot.get()];
        byte[] text = new byte[slot.getShort()];
        slot.get(text);
        if (sequence > sequences.getOrDefault(intent, 0L)) {
            sequences.put(intent, sequence);
            entries.put(intent, new Entry(state, begun, new String(text, StandardCharsets.UTF_8)));
        }
    }

    /** Answers with the content of a slot; null when it was never written. */
    private static ByteBuffer slot(byte[] all, int number) throws Unusable {
        int from = number * SLOT;
        ByteBuffer slot = ByteBuffer.wrap(all, from, SLOT).slice();
        int checksum = slot.getInt();
        int length = slot.getShort();
        if (checksum == 0 && length == 0) {
            return null;
        }
        CRC32C crc = new CRC32C();
        if (length > 0 && length <= SLOT) {
            crc.update(all, from + CHECKSUM, length - CHECKSUM);
        }
        if ((int) crc.getValue() != checksum) {
            throw new Unusable("is damaged: the checksum of slot " + number + " is wrong");
        }
        return slot.limit(length);
    }

    /** Notes an event that the ledger has: one that has not is older than this journal. */
    void writeNewestEvent(long number) throws IOException {
        begin();
        slot.putLong(number);
        write(NEWEST_EVENT);
    }

    /**
     * Writes what is known of an intent.
     *
     * @param slot from 0
     * @param sequence from 1; the greater it is, the later
     * @return false when its text does not fit, so that nothing was written
     */
    boolean write(int slot, long sequence, Intent intent, Entry entry) throws IOException {
        begin();
        this.slot.putLong(sequence).putLong(intent.source()).putLong(intent.row());
        this.slot.putLong(entry.begun().toEpochMilli()).put((byte) entry.state().ordinal());
        int length = this.slot.position();
        this.slot.putShort((short) 0);
        boolean whole = encoder.reset()
                .encode(CharBuffer.wrap(entry.text()), this.slot, true)
                .isUnderflow();
        if (!whole && entry.state() == Entry.State.ACCEPTED) {
            return false;
        }
        this.slot.putShort(length, (short) (this.slot.position() - length - Short.BYTES));
        write(FIRST_INTENT + slot);
        return true;
    }

    private void begin() {
        // Room for the checksum and the length, which are known last.
        slot.clear().position(CHECKSUM + Short.BYTES);
    }

    private void write(int number) throws IOException {
        int length = slot.position();
        slot.putShort(CHECKSUM, (short) length);
        crc.reset();
        crc.update(slot.array(), CHECKSUM, length - CHECKSUM);
        slot.putInt(0, (int) crc.getValue());
        file.seek((long) number * SLOT);
        file.write(slot.array(), 0, length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
