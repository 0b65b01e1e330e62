package dev.pearlroutes.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.nlpearl.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far each run reads back, with the lookback of 24 hours. */
class CallSearchTest {
    private static final Duration LOOKBACK = Duration.ofHours(24);
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock();
    private CallDesk desk;

    @BeforeEach
    void open() {
        desk = new CallDesk(folder, CallDesk.ALL_FIELDS, clock);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private CallSearchRun runAfter(CallSearch search, Duration time) {
        clock.advance(time);
        CallSearchRun run = search.begin("acme");
        search.finish(run);
        return run;
    }

    @Test
    void theWholeLookbackIsReadOnceAnHourAndElseTheLastHour() {
        CallSearch search = desk.search(null);
        Instant first = clock.instant();
        assertThat(runAfter(search, Duration.ZERO).from()).isEqualTo(first.minus(LOOKBACK));

        Instant before = first;
        for (int minutes = 5; minutes < 60; minutes += 5) {
            CallSearchRun run = runAfter(search, Duration.ofMinutes(5));
            assertThat(run.from()).isEqualTo(before.minus(HOUR));
            before = run.to();
        }
        assertThat(runAfter(search, Duration.ofMinutes(5)).from())
                .as("a change since then is seen, however old its call")
                .isEqualTo(first.minus(LOOKBACK));
        assertThat(runAfter(search, Duration.ofMinutes(5)).from())
                .isEqualTo(first.plus(HOUR).minus(HOUR));
    }

    @Test
    void aRunThatFailsIsFollowedByOneOfItsKind() {
        CallSearch search = desk.search(null);
        Instant first = clock.instant();
        runAfter(search, Duration.ZERO);
        clock.advance(HOUR);
        CallSearchRun failed = search.begin("acme");
        assertThat(failed.from()).isEqualTo(first.minus(LOOKBACK));
        assertThatThrownBy(() -> search.abandon(failed, new IllegalStateException("no answer")))
                .isInstanceOf(IllegalStateException.class);

        assertThat(runAfter(search, Duration.ofMinutes(5)).from()).isEqualTo(first.minus(LOOKBACK));
    }

    @Test
    void aNewProcessReadsTheWholeLookback() {
        Instant first = clock.instant();
        runAfter(desk.search(null), Duration.ZERO);

        assertThat(runAfter(desk.search(null), Duration.ofMinutes(5)).from())
                .isEqualTo(first.minus(HOUR).minus(LOOKBACK));
    }

    @Test
    void noRunReadsCallsThatTheLedgerHasForgotten() {
        CallSearch search = desk.search(LOOKBACK.plusMinutes(20));
        Instant first = clock.instant();
        runAfter(search, Duration.ZERO);

        assertThat(runAfter(search, Duration.ofMinutes(15)).from()).isEqualTo(first.minus(HOUR));
        CallSearchRun whole = runAfter(search, Duration.ofMinutes(5));
        assertThat(whole.from()).isEqualTo(first.minus(LOOKBACK));
        assertThat(Duration.between(whole.from(), clock.instant())).isLessThanOrEqualTo(LOOKBACK.plusMinutes(20));
    }

    @Test
    void aStandstillIsReadAfterwards() {
        CallSearch search = desk.search(null);
        Instant first = clock.instant();
        runAfter(search, Duration.ZERO);

        assertThat(runAfter(search, Duration.ofDays(3)).from()).isEqualTo(first.minus(LOOKBACK));
    }
}
