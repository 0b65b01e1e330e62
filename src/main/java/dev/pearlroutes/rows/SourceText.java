package dev.pearlroutes.rows;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text of a source, decoded strictly. The JDK's readers put a replacement character where bytes don't fit the charset, so that a
 * mangled name would be spoken.
 */
final class SourceText extends Reader {
    private static final int BUFFER = 64 << 10;

    /** For a byte order mark, and a character of several bytes. */
    private static final int SMALLEST_BUFFER = 16;

    /** Bytes in which UTF-16 shows: the names of some columns. */
    private static final int SAMPLE = 256;

    /** What ended a text in DOS (Ctrl-Z), and some programs still write. */
    private static final char END_MARK = '\u001A';

    private final InputStream in;
    private final ByteBuffer bytes;
    private final CharBuffer chars;
    private final Charset configured;
    private final Charset charset;
    private final String charsetKey;
    private final CharsetDecoder decoder;
    /** Null where the text is not read to be judged, or its charset is not one of one byte. */
    private final Utf8Evidence utf8;

    private long bytesBefore;
    private int heldMarks;
    private int marksBefore;
    private boolean ended;
    private boolean flushed;

    /**
     * Opens the file; a byte order mark (UTF-8, UTF-16) wins over the charset given.
     *
     * @throws UnreadableSourceException when it holds no byte, is no gzip file though it should be, or is a workbook or archive
     * @throws IOException when the disk fails
     */
    static BufferedReader open(Path file, boolean gzip, ReadOptions options) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            long size = Files.size(file);
            if (size == 0) {
                throw new UnreadableSourceException("is empty (0 bytes)");
            }
            return new BufferedReader(
                    gzip
                            ? new SourceText(
                                    GzipSource.open(new BufferedInputStream(in, BUFFER), size), options, BUFFER)
                            // Small buffers for a small file: thousands of them are opened several times each.
                            : new SourceText(in, options, (int) Math.min(BUFFER, size + SMALLEST_BUFFER)));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * The text of a message's body in UTF-8, unless it starts with a byte order mark.
     *
     * @throws UnreadableSourceException when it holds no byte
     */
    static BufferedReader of(byte[] body) throws IOException {
        return new BufferedReader(new SourceText(
                new ByteArrayInputStream(body),
                ReadOptions.utf8(null),
                Math.min(BUFFER, body.length + SMALLEST_BUFFER)));
    }

    private SourceText(InputStream in, ReadOptions options, int buffer) throws IOException {
        this.in = in;
        this.configured = options.charset();
        this.utf8 = options.judge() && Utf8Evidence.isOfOneByte(configured) ? new Utf8Evidence() : null;
        this.charsetKey = options.charsetKey();
        this.bytes = ByteBuffer.allocate(buffer);
        this.chars = CharBuffer.allocate(buffer);
        bytes.flip();
        chars.flip();
        while (bytes.remaining() < Math.min(SAMPLE, buffer) && !ended) {
            fill();
        }
        if (!bytes.hasRemaining()) {
            throw new UnreadableSourceException("is empty (0 bytes)");
        }
        if (starts('P', 'K', 3, 4) || starts(0xD0, 0xCF, 0x11, 0xE0)) {
            requireText();
        }
        charset = skipMark(configured);
        if (!charset.name().startsWith("UTF-16") && isUtf16()) {
            throw new UnreadableSourceException("is UTF-16 without a byte order mark: save it as UTF-8");
        }
        decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Names what begins like an archive: a message about its charset would mislead. */
    private void requireText() throws IOException {
        while (!ended && bytes.remaining() < bytes.capacity()) {
            fill();
        }
        byte[] start = new byte[bytes.remaining()];
        bytes.get(bytes.position(), start);
        FileSignature.requireText(start);
    }

    private Charset skipMark(Charset configured) {
        if (starts(0xEF, 0xBB, 0xBF)) {
            bytes.position(3);
            return StandardCharsets.UTF_8;
        }
        boolean little = starts(0xFF, 0xFE);
        if (little || starts(0xFE, 0xFF)) {
            bytes.position(2);
            return little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
        }
        return configured;
    }

    private boolean starts(int... mark) {
        boolean same = bytes.remaining() >= mark.length;
        for (int i = 0; same && i < mark.length; i++) {
            same = (bytes.get(i) & 0xFF) == mark[i];
        }
        return same;
    }

    /** Tells whether every second byte is a NUL wherever there is one: so UTF-16 writes the ASCII of delimiters and names. */
    private boolean isUtf16() {
        int[] nuls = new int[2];
        for (int i = bytes.position(); i < Math.min(bytes.limit(), bytes.position() + SAMPLE); i++) {
            nuls[i & 1] += bytes.get(i) == 0 ? 1 : 0;
        }
        return nuls[0] + nuls[1] > 1 && (nuls[0] == 0 || nuls[1] == 0);
    }

    /** @throws UnreadableSourceException when the bytes are not of the charset, or the text holds a NUL */
    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        while (!chars.hasRemaining()) {
            if (flushed) {
                return -1;
            }
            decode();
        }
        if (marksBefore > 0) {
            marksBefore--;
            target[offset] = END_MARK;
            return 1;
        }
        int n = Math.min(length, chars.remaining());
        chars.get(target, offset, n);
        return n;
    }

    private void decode() throws IOException {
        chars.clear();
        CoderResult result = decoder.decode(bytes, chars, ended);
        boolean end = ended && result.isUnderflow();
        if (utf8 != null && charset.equals(configured) && (result.isError() || end) && utf8.isShown()) {
            throw new UnreadableSourceException("is UTF-8, though " + charsetKey + " says " + charset
                    + ": take that key out, or save the file with a byte order mark (as CSV UTF-8)");
        }
        if (result.isError()) {
            throw new UnreadableSourceException(
                    "is not " + charset + " at byte " + (bytesBefore + bytes.position() + 1) + ": save it as UTF-8"
                            + (charsetKey == null ? "" : ", or set " + charsetKey + " to the charset it has"));
        }
        if (result.isUnderflow()) {
            if (ended) {
                flushed = decoder.flush(chars).isUnderflow();
            } else {
                fill();
            }
        }
        chars.flip();
        for (int i = chars.position(); i < chars.limit(); i++) {
            if (chars.get(i) == 0) {
                throw new UnreadableSourceException("is binary (holds a NUL character): save it as CSV in UTF-8");
            }
        }
        holdBackEndMarks();
    }

    /** Those at the end of the text are none of it. */
    private void holdBackEndMarks() {
        int end = chars.limit();
        while (end > chars.position() && chars.get(end - 1) == END_MARK) {
            end--;
        }
        int marks = chars.limit() - end;
        if (end > chars.position()) {
            marksBefore = heldMarks;
            heldMarks = marks;
        } else {
            heldMarks += marks;
        }
        chars.limit(end);
    }

    private void fill() throws IOException {
        bytesBefore += bytes.position();
        bytes.compact();
        int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = n < 0;
        if (utf8 != null && n > 0) {
            utf8.take(bytes.array(), bytes.position(), n);
        }
        bytes.position(bytes.position() + Math.max(n, 0)).flip();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
