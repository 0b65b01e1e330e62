package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.ledger.Ledger.Work;
import dev.pearlroutes.ledger.tables.SqlFailure;
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
    private final GroupCommit commits = new GroupCommit(new Commits() {
        @Override
        public <T> T run(Work<T> work) {
            transactions.incrementAndGet();
            try {
                return work.in(null);
            } catch (SqlFailure e) {
                throw new LedgerException("failed", e);
            }
        }

        @Override
        public <T> T read(Work<T> work) {
            try {
                return work.in(null);
            } catch (SqlFailure e) {
                throw new LedgerException("failed", e);
            }
        }
    });

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** A first one that does not end, and behind it as many works that wait for their turn. */
    private <T> List<Future<T>> behindTheFirst(List<Work<T>> works) {
        return behindTheFirst(works, List.of());
    }

    private <T> List<Future<T>> behindTheFirst(List<Work<T>> works, List<Work<T>> reads) {
        threads.submit(() -> commits.run(connection -> {
            try {
                first.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        }));
        await().until(() -> transactions.get() == 1);
        List<Future<T>> results = new ArrayList<>();
        works.forEach(work -> results.add(threads.submit(() -> commits.run(work))));
        reads.forEach(work -> results.add(threads.submit(() -> commits.read(work))));
        await().until(() -> commits.waiting() == works.size() + reads.size());
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
    void whatOnlyReadsNeedsNoTransactionUnlessItSharesOne() throws Exception {
        List<Future<String>> reads = behindTheFirst(List.of(), List.of(connection -> "one", connection -> "two"));
        assertThat(reads.get(0).get()).isEqualTo("one");
        assertThat(reads.get(1).get()).isEqualTo("two");
        assertThat(transactions).as("the first alone").hasValue(1);
    }

    @Test
    void whatReadsBesideWhatWritesFailsAlone() throws Exception {
        List<Future<String>> results =
                behindTheFirst(List.of(connection -> "written"), List.of(connection -> "read", connection -> {
                    throw new SqlFailure(new SQLException("its own fault"));
                }));
        assertThat(results.get(0).get()).isEqualTo("written");
        assertThat(results.get(1).get()).isEqualTo("read");
        assertThatThrownBy(() -> results.get(2).get()).hasRootCauseMessage("its own fault");
        assertThat(transactions).as("the first, the group, the writing one").hasValue(3);
    }

    @Test
    void oneThatFailsFailsAlone() throws Exception {
        List<Future<String>> results = behindTheFirst(List.of(
                connection -> "one",
                connection -> {
                    throw new SqlFailure(new SQLException("its own fault"));
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
