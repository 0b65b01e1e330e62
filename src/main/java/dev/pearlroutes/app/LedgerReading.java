package dev.pearlroutes.app;

import dev.pearlroutes.ledger.Ledger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the ledger is asked for health and metrics. It is asked by a thread of its own: a ledger that is locked answers when it is
 * free again, and who watches the program must not wait for that.
 */
final class LedgerReading<T> {
    /** How long an answer serves the gauges of a scrape. */
    static final Duration SCRAPE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(LedgerReading.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final Ledger ledger;
    private final Duration fresh;
    private final Supplier<T> question;
    private CompletableFuture<T> answer;
    private long askedAt;

    /**
     * @param fresh how long an answer is given again
     * @param question asks by an index
     */
    LedgerReading(Ledger ledger, Duration fresh, Supplier<T> question) {
        this.ledger = ledger;
        this.fresh = fresh;
        this.question = question;
    }

    /** Answers with nothing while the ledger cannot be asked. */
    Optional<T> get() {
        if (ledger.problem().isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ask().get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("The ledger did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private synchronized CompletableFuture<T> ask() {
        long now = System.nanoTime();
        if (answer == null || answer.isDone() && now - askedAt >= fresh.toNanos()) {
            askedAt = now;
            answer = CompletableFuture.supplyAsync(question, work -> {
                Thread thread = new Thread(work, "ledger-reading");
                thread.setDaemon(true);
                thread.start();
            });
        }
        return answer;
    }
}
