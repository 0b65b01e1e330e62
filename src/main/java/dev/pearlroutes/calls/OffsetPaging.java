package dev.pearlroutes.calls;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The reading by position where time cannot tell the pages apart: more calls in one millisecond than a page holds, or an API
 * whose bounds are wider than asked for. Rows that shift between two pages, or whose order is not the same each time, can be
 * missed, so all are read again until passes that saw as many calls as the API counts add none. A single page is a snapshot
 * and needs no second pass.
 */
final class OffsetPaging {
    /** Whole passes in a row without a new call after which all have been read. */
    private static final int IDLE_PASSES = 2;

    /** The same for an API that counts more calls than it gives ids for. */
    private static final int IDLE_PASSES_IN_DOUBT = 20;

    /** Passes after which the calls are taken to change faster than they can be read. */
    private static final int MOST_PASSES = 200;

    private final Set<String> known = new HashSet<>();
    private final Set<String> inPass = new HashSet<>();
    private int withoutId;
    private int position;
    private int pages;
    private long countAtFirst;
    private boolean steady;
    private boolean added;
    private int idle;
    private int passes;

    /** Answers where the next page begins. */
    int position() {
        return position;
    }

    /**
     * Reads a page.
     *
     * @param ids of its rows in order, null for a row without one
     * @param limit rows asked for
     * @return whether everything has been read
     * @throws IllegalStateException when it is empty though calls are left
     */
    boolean onPage(List<String> ids, long count, int limit) {
        if (ids.isEmpty() && position < count) {
            throw new IllegalStateException("Get Calls counts " + count + " calls but gave none after " + position);
        }
        if (pages == 0) {
            countAtFirst = count;
            steady = true;
        }
        // Behind the one page that has as many rows as it counts, an empty one changes nothing.
        if (pages != 1 || !ids.isEmpty() || position != countAtFirst) {
            pages++;
            steady &= count == countAtFirst;
        }
        position += ids.size();
        withoutId += (int) ids.stream().filter(Objects::isNull).count();
        for (String id : ids) {
            if (id != null) {
                inPass.add(id);
                added |= known.add(id);
            }
        }
        // A count below the rows given is wrong: then only an empty page is the end.
        boolean proven = pages > 1 || !Window.mayBeCut(ids.size(), limit);
        boolean end = ids.isEmpty() || position == count && proven;
        return end && !anotherPass(pages == 1 ? countAtFirst : count);
    }

    private boolean anotherPass(long count) {
        boolean whole = steady && inPass.size() + withoutId >= count;
        idle = added ? 0 : idle + 1;
        boolean done = whole && (pages == 1 || idle >= IDLE_PASSES) || idle >= IDLE_PASSES_IN_DOUBT;
        if (!done && ++passes == MOST_PASSES) {
            throw new IllegalStateException("the calls of Get Calls change faster than they can be read");
        }
        inPass.clear();
        withoutId = 0;
        position = 0;
        pages = 0;
        added = false;
        return !done;
    }
}
