package dev.pearlroutes.rows;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The expanded bytes of a gzip file, also of one with several members. A file that is broken, cut off, followed by other bytes, or a bomb is
 * refused.
 *
 * <p>The JDK's stream ends quietly at a second member whose header is broken, so a file cut off there would pass for a whole one: here the
 * end counts only when every compressed byte was used. The stream of commons-compress finds that too, but reports broken data and a failing
 * disk by the same IOException.
 */
final class GzipSource extends GZIPInputStream {
    /** Bytes behind the compressed data of a member. */
    private static final int TRAILER = 8;

    private final Counting counting;
    private final ExpansionLimit limit;
    private long countAtFill;

    /** @param compressed size of the file, in bytes */
    static GzipSource open(InputStream in, long compressed) throws IOException {
        Counting counting = new Counting(in);
        try {
            return new GzipSource(counting, new ExpansionLimit(compressed, "Send it as several files or without gzip"));
        } catch (ZipException | EOFException e) {
            throw new UnreadableSourceException("is not a gzip file, though its name ends in .gz", e);
        }
    }

    private GzipSource(Counting counting, ExpansionLimit limit) throws IOException {
        super(counting, 64 << 10);
        this.counting = counting;
        this.limit = limit;
    }

    @Override
    protected void fill() throws IOException {
        super.fill();
        countAtFill = counting.count;
    }

    /** @throws UnreadableSourceException when the file is broken, cut off or expands too far */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n;
        try {
            n = super.read(buffer, offset, length);
        } catch (ZipException | EOFException e) {
            throw new UnreadableSourceException(
                    "its gzip data is broken or cut off after " + limit.expanded() + " expanded bytes: send it again",
                    e);
        }
        if (n < 0) {
            checkWholeFileUsed();
        } else {
            limit.spend(n);
        }
        return n;
    }

    private void checkWholeFileUsed() {
        // The trailer lies in the inflater's input, or what does not fit there was read singly after the last fill.
        int inInflater = inf.getRemaining();
        if (inInflater + (counting.count - countAtFill) != TRAILER) {
            throw new UnreadableSourceException(
                    "its gzip data is followed by something else or cut off: send it again");
        }
    }

    private static final class Counting extends InputStream {
        private final InputStream in;
        private long count;

        Counting(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            count += Math.max(n, 0);
            return n;
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
