package dev.pearlroutes.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows read from a model of the API whose calls shift between any two requests, over many random courses of events. */
class WindowTest {
    private static final Instant FROM = Instant.parse("2026-10-24T12:00:00Z");
    private static final Instant TO = FROM.plus(2, ChronoUnit.DAYS);

    /** What nobody knows of the API, one way or the other. */
    private enum Habit {
        DOCUMENTED,
        EXCLUSIVE_BOUNDS,
        CLAMPED_PAGES,
        DESCENDING,
        UNSORTED,
        WHOLE_DAYS,
        WHOLE_SECONDS,
        MICROSECONDS,
        COUNT_TOO_SMALL,
        COUNT_OF_PAGE,
        COUNT_OF_CLAMPED_PAGE
    }

    private record Row(String id, Instant start) {}

    /** An API with calls that come and go. */
    private static final class Model {
        private final Random random;
        private final Habit habit;
        private final List<Row> rows = new ArrayList<>();
        private final Set<String> stayed = new HashSet<>();
        private int made;

        Model(long seed, Habit habit) {
            this.random = new Random(seed);
            this.habit = habit;
            int moments = 1 + random.nextInt(40);
            int calls = random.nextInt(120);
            List<Instant> starts =
                    IntStream.range(0, moments).mapToObj(i -> anyTime()).toList();
            for (int i = 0; i < calls; i++) {
                // Many share a millisecond, some are alone.
                add(random.nextInt(3) == 0 ? anyTime() : starts.get(random.nextInt(moments)));
            }
            rows.forEach(row -> stayed.add(row.id()));
        }

        private Instant anyTime() {
            // Days without a call, and hours with many.
            long millis = random.nextBoolean()
                    ? random.nextLong(2 * 86_400_000L)
                    : 3_600_000L + random.nextLong(random.nextBoolean() ? 20 : 5_000);
            Instant start = FROM.plusMillis(millis);
            if (habit == Habit.UNSORTED) {
                // That an API does not sort shows in its counts, unless calls a millisecond apart make up for those
                // left out.
                return FROM.plusMillis(millis / 10 * 10);
            }
            return habit == Habit.MICROSECONDS ? start.plusNanos(random.nextInt(1_000) * 1_000L) : start;
        }

        private void add(Instant start) {
            rows.add(new Row("call-" + made++, start));
        }

        /** Rows shift both ways. What goes is not owed, and what comes is owed from the next run on. */
        void shift() {
            for (int i = random.nextInt(4); i > 0; i--) {
                if (random.nextBoolean() || rows.isEmpty()) {
                    add(anyTime());
                } else {
                    stayed.remove(rows.remove(random.nextInt(rows.size())).id());
                }
            }
        }

        List<Window> answer(Window window, Set<String> recorded) {
            Comparator<Row> order = Comparator.comparing(Row::start);
            List<Row> found = new ArrayList<>(
                    rows.stream().filter(row -> in(window, row.start())).toList());
            // Rows of one moment have no order of their own: it is another with each request.
            Collections.shuffle(found, random);
            found.sort(
                    switch (habit) {
                        case DESCENDING -> order.reversed();
                        case UNSORTED ->
                            Comparator.comparing((Row row) -> row.id().hashCode() * 31 % 97);
                        default -> order;
                    });
            int limit = Math.min(
                    switch (habit) {
                        case CLAMPED_PAGES -> 5;
                        case COUNT_OF_CLAMPED_PAGE -> 10;
                        default -> 1_000;
                    },
                    window.limit());
            List<Row> page = found.stream().skip(window.skip()).limit(limit).toList();
            page.forEach(row -> recorded.add(row.id()));
            int count = switch (habit) {
                case COUNT_TOO_SMALL -> Math.min(found.size(), page.size() / 2);
                case COUNT_OF_PAGE, COUNT_OF_CLAMPED_PAGE -> page.size();
                default -> found.size();
            };
            return window.onPage(
                    page.stream()
                            .map(row -> new Window.Row(row.id(), row.start()))
                            .toList(),
                    count);
        }

        private boolean in(Window window, Instant start) {
            return switch (habit) {
                case EXCLUSIVE_BOUNDS -> start.isAfter(window.from()) && start.isBefore(window.to());
                case WHOLE_DAYS ->
                    !start.isBefore(window.from().truncatedTo(ChronoUnit.DAYS))
                            && start.isBefore(
                                    window.to().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS));
                case WHOLE_SECONDS ->
                    !start.isBefore(window.from().truncatedTo(ChronoUnit.SECONDS))
                            && !start.isAfter(window.to().truncatedTo(ChronoUnit.SECONDS));
                default -> !start.isBefore(window.from()) && !start.isAfter(window.to());
            };
        }
    }

    /** Reads everything, several windows side by side in any order. @return the requests it took */
    private static int read(Model model, Set<String> recorded, int limit, boolean shifting) {
        Deque<Window> unread = new ArrayDeque<>(List.of(new Window(FROM, TO, limit)));
        int requests = 0;
        while (!unread.isEmpty()) {
            Window window = model.random.nextBoolean() ? unread.pollFirst() : unread.pollLast();
            if (window.more()) {
                if (shifting) {
                    model.shift();
                }
                unread.addAll(model.answer(window, recorded));
                unread.add(window);
                assertThat(++requests).as("requests").isLessThan(20_000);
            }
        }
        return requests;
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void everyCallIsRead(Habit habit) {
        LongStream.range(0, 150).forEach(seed -> {
            Model model = new Model(seed, habit);
            Set<String> recorded = new HashSet<>();

            read(model, recorded, 2 + (int) (seed % 30), false);

            assertThat(recorded).as("seed %d", seed).containsAll(model.stayed);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Habit.class,
            names = {
                "DOCUMENTED",
                "EXCLUSIVE_BOUNDS",
                "CLAMPED_PAGES",
                "MICROSECONDS",
                "COUNT_OF_PAGE",
                "COUNT_OF_CLAMPED_PAGE"
            })
    void everyCallThatStaysIsReadWhileOthersComeAndGo(Habit habit) {
        LongStream.range(0, 150).forEach(seed -> {
            Model model = new Model(seed, habit);
            Set<String> recorded = new HashSet<>();

            read(model, recorded, 5 + (int) (seed % 30), true);

            assertThat(recorded).as("seed %d", seed).containsAll(model.stayed);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Habit.class,
            names = {"DESCENDING", "UNSORTED", "WHOLE_DAYS"})
    void withoutAnOrderToGoByItIsReadOrFailsAndIsRepeated(Habit habit) {
        AtomicInteger whole = new AtomicInteger();
        LongStream.range(0, 50).forEach(seed -> {
            Model model = new Model(seed, habit);
            Set<String> recorded = new HashSet<>();
            try {
                read(model, recorded, 20 + (int) (seed % 30), true);
            } catch (IllegalStateException e) {
                return;
            }
            whole.incrementAndGet();
            assertThat(recorded).as("seed %d", seed).containsAll(model.stayed);
        });
        assertThat(whole).hasPositiveValue();
    }

    @Test
    void pagesOfCallsThatAreSpreadOutCostHardlyMoreThanTheirNumber() {
        Model model = new Model(1, Habit.DOCUMENTED);
        model.rows.clear();
        IntStream.range(0, 10_000).forEach(i -> model.add(FROM.plusSeconds(17L * i)));

        assertThat(read(model, new HashSet<>(), 100, false)).isBetween(100, 115);
    }

    @Test
    void aPageThatIsEmptyThoughCallsAreLeftIsNoEnd() {
        Window window = new Window(FROM, TO, 10);

        assertThatThrownBy(() -> window.onPage(List.of(), 3)).isInstanceOf(IllegalStateException.class);
        assertThat(window.more()).isTrue();
    }

    @Test
    void aPageThatCannotBeReadIsAskedForFiveTimes() {
        Window window = new Window(FROM, TO, 10);

        for (int i = 1; i < 5; i++) {
            assertThat(window.failed()).isTrue();
        }
        assertThat(window.failed()).isFalse();
        window.onPage(List.of(new Window.Row("call", FROM)), 1);
        assertThat(window.failures()).isZero();
    }

    @Test
    void aWindowThatEndsBeforeItBeginsIsNotRead() {
        assertThat(new Window(TO, FROM, 10).more()).isFalse();
    }

    @Test
    void rowsWithoutIdOrStartEndTheReadingToo() {
        Window window = new Window(FROM, TO, 2);
        Window.Row bare = new Window.Row(null, null);

        assertThat(window.onPage(List.of(bare, bare), 4)).isEmpty();
        // From here on by position: two pages, and both once more.
        List<Integer> skips = new ArrayList<>();
        for (int i = 0; window.more() && i < 20; i++) {
            skips.add(window.skip());
            window.onPage(List.of(bare, bare), 4);
        }
        assertThat(skips).containsExactly(0, 2, 0, 2);
    }
}
