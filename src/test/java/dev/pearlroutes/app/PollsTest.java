package dev.pearlroutes.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PollsTest {
    @TempDir
    private Path folder;

    private final Polls polls = new Polls(Set.of("updates"));
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger polled = new AtomicInteger();

    @AfterEach
    void stop() {
        camel.stop();
        polls.close();
    }

    /** A route for each folder. @param steps what is done with each file */
    private void start(org.apache.camel.Processor steps, String... names) throws Exception {
        camel.disableJMX();
        camel.getRegistry().bind("polls", polls);
        camel.getRegistry().bind("count", new DefaultPollingConsumerPollStrategy() {
            @Override
            public boolean begin(Consumer consumer, Endpoint endpoint) {
                polled.incrementAndGet();
                return super.begin(consumer, endpoint);
            }
        });
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String name : names) {
                    from("file:" + folder.resolve(name)
                                    + "?scheduler=#polls&pollStrategy=#count&delay=100&initialDelay=0&delete=true")
                            .routeId(name)
                            .process(steps);
                }
            }
        });
        camel.start();
    }

    private void take(Exchange exchange) {
        taken.add(exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class));
    }

    private void drop(String name, String file) throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve(name)).resolve(file), "x");
    }

    @Test
    void aConsumerThatIsHeldUpHoldsUpNoOther() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        try {
            start(
                    exchange -> {
                        if (exchange.getFromRouteId().equals("a")) {
                            begun.countDown();
                            held.await();
                        }
                        take(exchange);
                    },
                    "a",
                    "b");
            drop("a", "of-a");
            begun.await();
            for (int i = 0; i < 3; i++) {
                drop("b", "of-b-" + i);
                int count = i + 1;
                await().until(() -> taken.size() == count);
            }
        } finally {
            held.countDown();
        }
        await().until(() -> taken.contains("of-a"));
    }

    @Test
    void anEmptyFolderIsNotPolledAndAnotherFolderInItIsNoFile() throws Exception {
        Files.createDirectories(folder.resolve("a/updates"));
        start(this::take, "a");
        await().during(Duration.ofMillis(500)).until(() -> polled.get() == 0);
        drop("a", "file");
        await().until(() -> List.copyOf(taken).equals(List.of("file")));
    }

    @Test
    void aRouteThatIsStoppedTakesNothingUntilItIsStarted() throws Exception {
        start(this::take, "a", "b");
        camel.getRouteController().stopRoute("a");
        drop("a", "file");
        drop("b", "other");
        await().during(Duration.ofMillis(500)).until(() -> !taken.contains("file"));
        assertThat(taken).containsExactly("other");
        camel.getRouteController().startRoute("a");
        await().until(() -> taken.contains("file"));
    }

    @Test
    void aSchedulerPollsWhenItsGuardSaysSoOrCannotTell() throws Exception {
        AtomicBoolean due = new AtomicBoolean();
        AtomicBoolean broken = new AtomicBoolean();
        AtomicInteger turns = new AtomicInteger();
        polls.guard("guarded", () -> {
            if (broken.get()) {
                throw new IllegalStateException("no ledger");
            }
            return due.get();
        });
        camel.getRegistry().bind("polls", polls);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("scheduler:guarded?scheduler=#polls&delay=100&initialDelay=0")
                        .process(exchange -> turns.incrementAndGet());
            }
        });
        camel.start();
        await().during(Duration.ofMillis(500)).until(() -> turns.get() == 0);
        due.set(true);
        await().until(() -> turns.get() >= 2);
        due.set(false);
        broken.set(true);
        int before = turns.get();
        await().until(() -> turns.get() >= before + 3);
    }
}
