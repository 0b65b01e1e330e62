package dev.pearlroutes.rows;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The parts of a workbook, which are the entries of a ZIP archive. They are read where they lie, within the bounds of what may expand, and nothing
 * of them is unpacked to disk. Their checksums are checked, which the JDK does not do.
 */
final class WorkbookParts implements AutoCloseable {
    /** Entries of an archive; a workbook of a hundred sheets has some hundred. */
    private static final int MAX_ENTRIES = 10_000;
    /** Bytes between two tokens of a part, which the parser holds in memory: a long text comes in several. */
    private static final int MAX_TOKEN = 4 << 20;

    private final ZipFile zip;
    private final ExpansionLimit limit;
    private final Map<String, ZipEntry> entries = new HashMap<>();

    /**
     * Opens a workbook that lies in a file.
     *
     * @throws UnreadableSourceException when it is no archive, or a broken one
     */
    static WorkbookParts open(Path file) throws IOException {
        FileSignature.requireWorkbook(file);
        return new WorkbookParts(file, ZipFile.OPEN_READ, Files.size(file));
    }

    /** Opens a workbook that came in a message. @param scratch folder in which it lies for a moment */
    static WorkbookParts open(byte[] body, Path scratch) throws IOException {
        Files.createDirectories(scratch);
        Path file = Files.createTempFile(scratch, "message-", ".xlsx");
        try {
            Files.write(file, body);
            FileSignature.requireWorkbook(file);
            return new WorkbookParts(file, ZipFile.OPEN_READ | ZipFile.OPEN_DELETE, body.length);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private WorkbookParts(Path file, int mode, long size) throws IOException {
        limit = new ExpansionLimit(size, "Send it as several workbooks, or as CSV");
        try {
            // Names of parts are ASCII; others must not make an archive unreadable.
            zip = new ZipFile(file.toFile(), mode, StandardCharsets.ISO_8859_1);
        } catch (ZipException e) {
            throw new UnreadableSourceException("is a broken workbook, or cut off: send it again");
        }
        if (zip.size() > MAX_ENTRIES) {
            zip.close();
            throw new UnreadableSourceException("is an archive of more than " + MAX_ENTRIES + " files and no workbook");
        }
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            entries.put(key(entry.getName()), entry);
        }
    }

    /** Lists the names of all parts. */
    Set<String> names() {
        return entries.keySet();
    }

    boolean has(String name) {
        return entries.containsKey(key(name));
    }

    /** Opens a part that is there. */
    Part open(String name) throws IOException {
        ZipEntry entry = entries.get(key(name));
        try {
            return new Part(zip.getInputStream(entry), entry);
        } catch (ZipException e) {
            throw broken("a part of it");
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** Some programs write backslashes, or another case than the parts name each other by. */
    private static String key(String name) {
        String slashes = name.replace('\\', '/');
        return (slashes.startsWith("/") ? slashes.substring(1) : slashes).toLowerCase(Locale.ROOT);
    }

    private static UnreadableSourceException broken(String what) {
        return new UnreadableSourceException(
                "is a broken workbook: " + what + " cannot be read. Open it in Excel, save it and send it again");
    }

    /** The bytes of one part. */
    final class Part extends InputStream {
        private final InputStream in;
        private final ZipEntry entry;
        private final CRC32 checksum = new CRC32();
        private long sinceToken;
        private boolean ended;
        private Exception cause;

        private Part(InputStream in, ZipEntry entry) {
            this.in = in;
            this.entry = entry;
        }

        /** Begins the count of bytes that the next token may have. */
        void nextToken() {
            sinceToken = 0;
        }

        UnreadableSourceException broken(String what) {
            return WorkbookParts.broken(what);
        }

        /** Throws what the reading of the bytes failed by, which parsers wrap in failures of their own; nothing when it did not. */
        void throwCause() throws IOException {
            if (cause instanceof IOException disk) {
                throw disk;
            }
            if (cause instanceof UnreadableSourceException unreadable) {
                throw unreadable;
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                int n = in.read(buffer, offset, length);
                if (n < 0) {
                    end();
                } else {
                    checksum.update(buffer, offset, n);
                    sinceToken += n;
                    limit.spend(n);
                    if (sinceToken > MAX_TOKEN) {
                        throw broken("a part of it");
                    }
                }
                return n;
            } catch (ZipException | EOFException e) {
                UnreadableSourceException broken = broken("a part of it");
                cause = broken;
                throw broken;
            } catch (IOException | UnreadableSourceException e) {
                cause = e;
                throw e;
            }
        }

        private void end() {
            if (!ended && entry.getCrc() >= 0 && entry.getCrc() != checksum.getValue()) {
                throw broken("a part of it");
            }
            ended = true;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
