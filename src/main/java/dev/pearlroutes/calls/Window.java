package dev.pearlroutes.calls;

import dev.pearlroutes.nlpearl.ReadRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A stretch of time of which every call is read. Pages are told apart by time and not by position: each answer is a snapshot
 * of the calls from some moment on in ascending order of start, so all that start before its last one are in it, and the next
 * page begins at that one. Calls added or taken away meanwhile shift nothing. That the API sorts is not believed but checked,
 * by the order of the rows and by its counts: what is left behind one page must be counted by the next. Where the check fails
 * the window is halved until each half fits in a page; what cannot be halved is read by position, see {@link OffsetPaging}.
 *
 * <p>Whether the API's bounds belong to the window is unknown [?], so each request asks for a millisecond more.
 */
public final class Window {
    private static final Duration MARGIN = Duration.ofMillis(1);

    /** Pages left above which a window is divided, so that its parts are read side by side. */
    private static final int PAGES_IN_A_ROW = 16;

    private static final int MOST_PARTS = 8;
    private static final Duration SHORTEST_PART = Duration.ofSeconds(1);

    /** Page size down to which a refusal without a reason is blamed on it, and then on the window. */
    private static final int SMALL_PAGE = 10;

    /** Longest window that is not refused for its length; where the API does not say why it refuses, a day. */
    private static final Duration SHORT_WINDOW = Duration.ofHours(1);

    private static final Duration SHORT_IN_DOUBT = Duration.ofDays(1);

    private static final int MOST_TRIES = 5;

    private final Instant to;
    private final int usualLimit;
    private Instant position;
    private int limit;
    /** Calls that the next page must count at least, if the last one was sorted; 0 when unknown. */
    private long owed;

    /** Begin of the last page. */
    private Instant before;

    private boolean sorted = true;
    private boolean pageSizeIsRight;
    private OffsetPaging passes;
    private boolean finished;
    private int failures;

    /** A row of a page. @param id null when it has none @param start null when unknown */
    record Row(String id, Instant start) {}

    /** @param limit calls a page */
    Window(Instant from, Instant to, int limit) {
        this.position = from;
        this.to = to;
        this.usualLimit = limit;
        this.limit = limit;
        this.finished = from.isAfter(to);
    }

    /** Tells whether a page is to be read. */
    boolean more() {
        return !finished;
    }

    /** Answers how often in a row the next page could not be read. */
    public int failures() {
        return failures;
    }

    /** Notes that the next page could not be read. @return whether it may be asked for again */
    boolean failed() {
        failures++;
        return failures < MOST_TRIES;
    }

    /** Answers until when the calls were read and the API's counts agreed: nothing has checked the newest page yet. */
    Instant checkedTo() {
        return before == null ? position : before;
    }

    Instant from() {
        return position.minus(MARGIN);
    }

    Instant to() {
        return to;
    }

    int skip() {
        return passes == null ? 0 : passes.position();
    }

    int limit() {
        return limit;
    }

    /**
     * Reads a page.
     *
     * @return windows to be read besides, which take over a part of this one
     * @throws IllegalStateException when the page is empty though calls are left
     */
    List<Window> onPage(List<Row> rows, long count) {
        failures = 0;
        if (passes != null) {
            finished = passes.onPage(rows.stream().map(Row::id).toList(), count, limit);
            return List.of();
        }
        if (rows.isEmpty() && count > 0) {
            throw new IllegalStateException("Get Calls counts " + count + " calls but gave none");
        }
        List<Window> besides = new ArrayList<>();
        if (owed > 0 && count - overlap(rows) < owed) {
            Window again = new Window(before, position, limit);
            again.sorted = false;
            besides.add(again);
        }
        if (rows.size() == count && !mayBeCut(rows.size(), limit)) {
            finished = true;
        } else {
            besides.addAll(advance(rows, count));
        }
        return besides;
    }

    /**
     * Reacts to a refusal of the request: pages become smaller, or the window shorter.
     *
     * @return windows to be read instead; empty when this one continues
     * @throws ReadRefusedException when neither helps
     */
    List<Window> refused(ReadRefusedException refusal) {
        boolean ofLimit = refusal.speaksOf("limit");
        boolean ofDates = !ofLimit && (refusal.speaksOf("date") || refusal.speaksOf("range"));
        boolean hopeless = refusal.speaksOf("outboundId");
        if (!hopeless && !ofDates && (ofLimit || !pageSizeIsRight) && limit > (ofLimit ? 1 : SMALL_PAGE)) {
            limit /= 2;
            return List.of();
        }
        Duration length = Duration.between(position, to);
        if (hopeless || ofLimit || passes != null || length.compareTo(ofDates ? SHORT_WINDOW : SHORT_IN_DOUBT) <= 0) {
            throw refusal;
        }
        // Smaller pages did not help, so the parts begin with the usual ones, and do not try that again.
        limit = usualLimit;
        List<Window> parts = parts(2);
        parts.forEach(part -> part.pageSizeIsRight = true);
        return parts;
    }

    private List<Window> advance(List<Row> rows, long count) {
        List<Instant> starts =
                rows.stream().map(Row::start).filter(Objects::nonNull).toList();
        sorted &= ascending(starts);
        Instant last = starts.isEmpty() ? position : starts.get(starts.size() - 1);
        boolean outside = starts.stream().anyMatch(start -> start.isBefore(from()) || start.isAfter(to));
        boolean stuck = outside
                && (last.isAfter(to) || !last.truncatedTo(ChronoUnit.MILLIS).isAfter(position));
        if (starts.isEmpty() || stuck || outside && !sorted) {
            // The API keeps to no window this narrow.
            passes = new OffsetPaging();
            return List.of();
        }
        return sorted ? advance(starts, rows.size(), count) : halves();
    }

    private List<Window> advance(List<Instant> starts, int given, long count) {
        Instant reached = starts.get(starts.size() - 1).truncatedTo(ChronoUnit.MILLIS);
        boolean checked = owed > 0;
        // A count below the rows given is wrong and nothing to check by.
        owed = count < given
                ? 0
                : count
                        - starts.stream()
                                .filter(start -> start.isBefore(reached))
                                .count();
        long pagesLeft = (count - given) / given;
        if (checked && pagesLeft > PAGES_IN_A_ROW && reached.isAfter(position)) {
            // From where this page began: nothing has checked it yet.
            List<Window> parts = parts((int) Math.min(MOST_PARTS, pagesLeft / 2));
            if (finished) {
                return parts;
            }
        }
        before = position;
        if (reached.isAfter(position)) {
            position = reached;
            return List.of();
        }
        // A page full of one moment: its calls are read by position, and time continues behind it.
        Window moment = new Window(reached, reached.plus(MARGIN).plus(MARGIN), limit);
        moment.passes = new OffsetPaging();
        position = moment.to();
        owed = 0;
        finished = position.isAfter(to);
        return List.of(moment);
    }

    /**
     * Tells whether a page with as many rows as the API counts may lack some all the same: of a full page the count may be that of
     * the page alone. Full is also one of a round number of rows, to which an API may cut larger pages.
     */
    static boolean mayBeCut(int rows, int limit) {
        return rows >= limit || rows > 0 && rows % 10 == 0;
    }

    /** Counts the rows that the last page gave too. */
    private long overlap(List<Row> rows) {
        return rows.stream()
                .filter(row -> row.start() != null && row.start().isBefore(position))
                .count();
    }

    private List<Window> halves() {
        List<Window> halves = parts(2);
        if (halves.isEmpty()) {
            passes = new OffsetPaging();
        }
        return halves;
    }

    /** Hands the rest of the window over to several; none when it is too short for that. */
    private List<Window> parts(int most) {
        long parts = Math.min(most, Duration.between(position, to).dividedBy(SHORTEST_PART));
        if (parts < 2) {
            return List.of();
        }
        Duration length = Duration.between(position, to).dividedBy(parts).truncatedTo(ChronoUnit.MILLIS);
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            Instant from = position.plus(length.multipliedBy(i));
            Window part = new Window(from, i == parts - 1 ? to : from.plus(length), limit);
            part.sorted = sorted;
            windows.add(part);
        }
        finished = true;
        return windows;
    }

    private static boolean ascending(List<Instant> starts) {
        for (int i = 1; i < starts.size(); i++) {
            if (starts.get(i).isBefore(starts.get(i - 1))) {
                return false;
            }
        }
        return true;
    }
}
