package dev.pearlroutes.http;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The memory for answers that name each row of a request: together they have no more rows than it allows. */
final class RowBudget {
    /** Bytes for a row of an answer, and for what else needs memory meanwhile. */
    private static final int MEMORY_OF_ROW = 2_048;

    private final int most;
    private final Semaphore left;

    /** @param memory bytes that the program has */
    RowBudget(long memory) {
        this.most = (int) Math.min(Integer.MAX_VALUE, memory / MEMORY_OF_ROW);
        this.left = new Semaphore(most);
    }

    /** The making of an answer. */
    @FunctionalInterface
    interface Answer<T> {
        T make() throws IOException;
    }

    /** @throws ProblemException 422 when a request has more rows than can ever be answered for */
    void check(long rows) {
        if (rows > most) {
            throw new ProblemException(
                    422,
                    "Too many rows",
                    "the memory of the program (-Xmx) allows " + most
                            + " rows in a request: send it in parts, or drop it as a file");
        }
    }

    /**
     * Makes an answer with rows, once there is memory for it.
     *
     * @param seconds that it waits for that
     * @throws ProblemException 503 when there is none by then
     */
    <T> T within(long rows, int seconds, Answer<T> answer) throws IOException, InterruptedException {
        int needed = (int) Math.min(most, rows);
        if (!left.tryAcquire(needed, seconds, TimeUnit.SECONDS)) {
            throw new ProblemException(HttpDoor.UNAVAILABLE, "Too many requests at once", "send it again in a moment");
        }
        try {
            return answer.make();
        } finally {
            left.release(needed);
        }
    }
}
