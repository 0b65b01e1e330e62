package dev.pearlroutes.rows;

/** How far compressed data may expand: beyond it the data is no list but a bomb. */
final class ExpansionLimit {
    /** Expanded bytes for each compressed one. Deflate reaches about 1,000, lists at most about 20: beyond 200 it is a bomb. */
    static final long MAX_RATIO = 200;
    /** Expanded bytes that are free, for small files such as a test file of one row repeated. */
    static final long FREE_BYTES = 10L << 20;
    /** Expanded bytes of the largest file: more than a hundred million rows are a mistake. */
    static final long MAX_BYTES = 20L << 30;

    private final long limit;
    private final String advice;
    private long expanded;

    /**
     * @param compressed size of the file, in bytes
     * @param advice what to do with a file that expands further
     */
    ExpansionLimit(long compressed, String advice) {
        this.limit = Math.min(MAX_BYTES, FREE_BYTES + MAX_RATIO * compressed);
        this.advice = advice;
    }

    /** @throws UnreadableSourceException when the data has expanded too far */
    void spend(long bytes) {
        expanded += bytes;
        if (expanded > limit) {
            throw new UnreadableSourceException("expands too far (more than " + limit
                    + " bytes out of its compressed data): is it a list? " + advice);
        }
    }

    /** Returns the bytes expanded so far. */
    long expanded() {
        return expanded;
    }
}
