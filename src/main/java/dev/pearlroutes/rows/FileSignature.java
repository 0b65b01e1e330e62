package dev.pearlroutes.rows;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the first bytes of a file show that it is, where its name says something else. */
public enum FileSignature {
    WORKBOOK("is an Excel workbook: rename it to .xlsx, or save it as CSV"),
    OPEN_DOCUMENT("is an OpenDocument spreadsheet (.ods): save it as .xlsx or CSV"),
    NUMBERS("is a document of Numbers: export it as .xlsx or CSV"),
    ARCHIVE("is a ZIP archive: unpack it and send the files in it"),
    PROTECTED("is protected by a password: save it without one"),
    OLD_WORKBOOK("is a workbook of an old Excel (.xls), or has a password: save it as .xlsx without one, or as CSV"),
    OTHER("is no Excel workbook: save it as one, or give it the ending of what it is");

    /** Bytes from the start in which an archive names the files in it. */
    public static final int START = 64 << 10;

    private static final String ZIP = "PK\u0003\u0004";
    /** Of the container of old workbooks, and of new ones that have a password. */
    private static final String OLE2 = "\u00D0\u00CF\u0011\u00E0";
    /** What the container of a workbook with a password lists, in UTF-16. */
    private static final String ENCRYPTED = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

    private final String reason;

    FileSignature(String reason) {
        this.reason = reason;
    }

    /**
     * Makes sure that what should be text is no workbook or archive.
     *
     * @param start the first bytes: {@link #START}, or all if there are fewer
     * @throws UnreadableSourceException when it is one
     */
    static void requireText(byte[] start) {
        FileSignature is = of(start);
        if (is != OTHER) {
            throw is.refusal();
        }
    }

    /** Makes sure that a file may be a workbook. @throws UnreadableSourceException when it is something else */
    static void requireWorkbook(Path file) throws IOException {
        byte[] start = start(file);
        if (start.length == 0) {
            throw new UnreadableSourceException("is empty (0 bytes)");
        }
        FileSignature is = of(start);
        if (is == OLD_WORKBOOK && isProtected(file)) {
            is = PROTECTED;
        }
        // What an archive is that does not say so at its start is seen when it is opened.
        if (is != WORKBOOK && is != ARCHIVE) {
            throw is.refusal();
        }
    }

    /** Tells what a file is by its bytes. @param in the whole file, of which the start is read */
    public static FileSignature of(InputStream in) throws IOException {
        return of(in.readNBytes(START));
    }

    /** @param start the first bytes: {@link #START}, or all if there are fewer */
    static FileSignature of(byte[] start) {
        // A character a byte.
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith(OLE2)) {
            return text.contains(ENCRYPTED) ? PROTECTED : OLD_WORKBOOK;
        }
        if (!text.startsWith(ZIP)) {
            return OTHER;
        }
        if (text.contains("xl/") || text.contains("xl\\")) {
            return WORKBOOK;
        }
        if (text.contains("opendocument.spreadsheet")) {
            return OPEN_DOCUMENT;
        }
        return text.contains(".iwa") ? NUMBERS : ARCHIVE;
    }

    UnreadableSourceException refusal() {
        return new UnreadableSourceException(reason);
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(START);
        }
    }

    /** Looks through the whole file: the list of what is in the container may lie anywhere in it. */
    private static boolean isProtected(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), START)) {
            int matched = 0;
            for (int b = in.read(); b >= 0 && matched < ENCRYPTED.length(); b = in.read()) {
                matched = b == ENCRYPTED.charAt(matched) ? matched + 1 : b == ENCRYPTED.charAt(0) ? 1 : 0;
            }
            return matched == ENCRYPTED.length();
        }
    }
}
