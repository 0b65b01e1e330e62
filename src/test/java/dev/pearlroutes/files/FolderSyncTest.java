package dev.pearlroutes.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FolderSyncTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger begun = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void whoComesWhileASyncIsUnderWaySharesTheNext() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        FolderSync sync = new FolderSync(() -> {
            if (begun.incrementAndGet() == 1) {
                try {
                    first.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        List<Future<?>> all = new ArrayList<>();
        all.add(change(sync));
        await().until(() -> begun.get() == 1);
        for (int i = 0; i < 9; i++) {
            all.add(change(sync));
        }
        assertThat(all).as("the first covers none of those behind it").noneMatch(Future::isDone);
        first.countDown();
        for (Future<?> each : all) {
            each.get();
        }
        assertThat(begun).hasValue(2);
    }

    @Test
    void aSyncCoversWhatWasChangedBeforeIt() {
        FolderSync sync = new FolderSync(begun::incrementAndGet);
        long first = sync.changed();
        long second = sync.changed();
        sync.await(second);
        sync.await(first);
        assertThat(begun).hasValue(1);
        sync.await(sync.changed());
        assertThat(begun).hasValue(2);
    }

    @Test
    void oneThatFailsCoversNobody() {
        FolderSync sync = new FolderSync(() -> {
            if (begun.incrementAndGet() == 1) {
                throw new IllegalStateException("no disk");
            }
        });
        long change = sync.changed();
        assertThatThrownBy(() -> sync.await(change)).hasMessage("no disk");
        sync.await(change);
        assertThat(begun).hasValue(2);
    }

    private Future<?> change(FolderSync sync) {
        long change = sync.changed();
        return threads.submit(() -> sync.await(change));
    }
}
