package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.ledger.Ledger.Work;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger transactions = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);
    private final GroupCommit commits = new GroupCommit(new GroupCommit.Transactions() {
        @Override
        public <T> T run(Work<T> work) {
            transactions.incrementAndGet();
            try {
                return work.in(null);
            } catch (SQLException e) {
                throw new LedgerException("failed", e);
            }
        }
    });

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** A first one that does not end, and behind it so many that wait for their turn. */
    private <T> List<Future<T>> behindTheFirst(List<Work<T>> works) {
        threads.submit(() -> commits.commit(connection -> {
            try {
                first.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        }));
        await().until(() -> transactions.get() == 1);
        List<Future<T>> results = new ArrayList<>();
        works.forEach(work -> results.add(threads.submit(() -> commits.commit(work))));
        await().until(() -> commits.waiting() == works.size());
        first.countDown();
        return results;
    }

    @Test
    void whoWaitsForATurnSharesTheNextTransaction() throws Exception {
        List<Work<Integer>> works = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int result = i;
            works.add(connection -> result);
        }
        List<Future<Integer>> results = behindTheFirst(works);
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get()).isEqualTo(i);
        }
        assertThat(transactions).hasValue(2);
    }

    @Test
    void oneThatFailsFailsAlone() throws Exception {
        List<Future<String>> results = behindTheFirst(List.of(
                connection -> "one",
                connection -> {
                    throw new SQLException("its own fault");
                },
                connection -> "three"));
        assertThat(results.get(0).get()).isEqualTo("one");
        assertThatThrownBy(() -> results.get(1).get())
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("its own fault");
        assertThat(results.get(2).get()).isEqualTo("three");
        assertThat(transactions).as("the first, the group, each alone").hasValue(5);
    }
}
