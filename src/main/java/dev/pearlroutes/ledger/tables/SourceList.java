package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.Source;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Table {@code source}, read page by page, the newest source first; {@link SourceTable} writes it. */
public final class SourceList {
    /** Most sources that are looked at for one page, however few of them are wanted. */
    static final int MOST_READ = 5_000;

    private static final String BEFORE = " FROM source WHERE id < ? ORDER BY id DESC LIMIT ";

    private final Sql sql;

    public SourceList(Sql sql) {
        this.sql = sql;
    }

    /**
     * Which sources are wanted; null for any.
     *
     * @param from the first instant at which they were taken
     * @param to the first instant that is too late
     */
    public record Wanted(String outbound, Source.Operation operation, Source.State state, Instant from, Instant to) {}

    /** Some sources. @param next what the next page begins behind; null when there is none */
    public record Page(List<Source> sources, Long next) {}

    /** Answers when the newest lead file or request of an outbound was taken; empty when none ever was. */
    public Optional<Instant> newestFile(String outbound) {
        return sql.first(
                "SELECT started_at FROM source WHERE outbound = ? AND operation = 'add'"
                        + " AND coalesce(queue, 'http:') = 'http:' ORDER BY id DESC LIMIT 1",
                row -> row.time("started_at"),
                outbound);
    }

    /** Reads a page. It may have fewer sources than asked for, and a next page all the same. @param after the {@code next} before */
    public Page page(Wanted wanted, long after, int most) {
        List<Source> sources = sql.list(
                "SELECT " + SourceTable.COLUMNS + " FROM (SELECT *" + BEFORE + MOST_READ
                        + ") AS newest WHERE state <> 'purged' AND outbound = coalesce(?, outbound)"
                        + " AND operation = coalesce(?, operation) AND state = coalesce(?, state)"
                        + " AND started_at >= coalesce(?, started_at) AND started_at < coalesce(?, started_at + 1)"
                        + " ORDER BY id DESC LIMIT ?",
                SourceTable::source,
                after,
                wanted.outbound(),
                wanted.operation() == null ? null : wanted.operation().word(),
                wanted.state() == null ? null : wanted.state().name().toLowerCase(Locale.ROOT),
                wanted.from(),
                wanted.to(),
                most);
        long last = sources.size() == most
                ? sources.get(most - 1).id()
                : sql.first("SELECT id" + BEFORE + "1 OFFSET " + (MOST_READ - 1), row -> row.number(1), after)
                        .orElse(0L);
        return new Page(sources, last > 0 && sql.exists("SELECT 1" + BEFORE + "1", last) ? last : null);
    }
}
