package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.Event;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Table {@code event}: the outbox, in which an event is written together with the outcome that it publishes. */
public final class EventTable {
    private final Sql sql;
    private final List<Event> appended;

    /** @param appended takes the new events, in their order */
    public EventTable(Sql sql, List<Event> appended) {
        this.sql = sql;
        this.appended = appended;
    }

    /** Appends events for every sink of their outbounds. */
    public void append(List<Event> events) {
        append(events, null);
        appended.addAll(events);
    }

    /** Appends an event for one sink, behind what waits for it already. */
    public void appendFor(String sink, Event event) {
        append(List.of(event), sink);
    }

    private void append(List<Event> events, String sink) {
        long now = sql.now();
        // By their numbers sinks take events in the order in which they were committed: the next one waits with its
        // number.
        events.stream().map(Event::outbound).distinct().sorted().forEach(outbound -> sql.lock("events/" + outbound));
        sql.batch("INSERT INTO event (outbound, stream, json, at, sink) VALUES (?, ?, ?, ?, ?)", events, event ->
                new Object[] {event.outbound(), event.stream(), event.json(), now, sink});
    }

    /** Answers with the number of the newest event ever recorded; it only grows. */
    public long newest() {
        return sql.number(sql.dialect().newestEvent());
    }

    /** Answers with the number of the first event recorded from some time on; empty when there is none. */
    public Optional<Long> firstSince(String outbound, Instant from) {
        return sql
                .list(
                        "SELECT min(seq) AS first FROM event WHERE outbound = ? AND sink IS NULL AND at >= ?",
                        row -> row.numberOrNull("first"),
                        outbound,
                        from)
                .stream()
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Answers with the number of the first event that is kept of an outbound; empty when there is none. */
    public Optional<Long> first(String outbound) {
        return firstSince(outbound, Instant.EPOCH);
    }

    /**
     * Lists the events of an outbound, oldest first, that have one of these texts anywhere in them.
     *
     * @param last number of the last event that is read, included as the first one is
     */
    public List<Event> mentioning(String outbound, Collection<String> texts, long first, long last) {
        if (texts.isEmpty()) {
            return List.of();
        }
        return sql.list(
                "SELECT seq, outbound, stream, json FROM event WHERE outbound = ? AND sink IS NULL AND seq BETWEEN ? AND ?"
                        + " AND (" + String.join(" OR ", Collections.nCopies(texts.size(), "instr(json, ?) > 0"))
                        + ") ORDER BY seq",
                EventTable::event,
                Sql.values(outbound, first, last, texts));
    }

    private static Event event(Sql.Row row) throws SQLException {
        return new Event(row.number("seq"), row.text("outbound"), row.text("stream"), row.text("json"));
    }

    /**
     * Copies events for one sink, behind what waits for it already.
     *
     * @param last number of the last event, included as the first one is
     * @param end the first instant that does not belong to the time
     * @return how many
     */
    public int copyFor(String outbound, String sink, long first, long last, Instant from, Instant end) {
        return sql.update(
                "INSERT INTO event (outbound, stream, json, at, sink)"
                        + " SELECT outbound, stream, json, ?, ? FROM event WHERE outbound = ? AND sink IS NULL"
                        + " AND seq BETWEEN ? AND ? AND at >= ? AND at < ? ORDER BY seq",
                sql.now(),
                sink,
                outbound,
                first,
                last,
                from,
                end);
    }

    /** Lists the next events for a sink, oldest first; empty when it has all. */
    public List<Event> next(String outbound, String sink, int most) {
        return behindPosition(outbound, sink, "seq", most);
    }

    /** Lists the newest event for a sink; empty when it has all. */
    public List<Event> newestFor(String outbound, String sink) {
        return behindPosition(outbound, sink, "seq DESC", 1);
    }

    private List<Event> behindPosition(String outbound, String sink, String order, int most) {
        return sql.list(
                "SELECT * FROM (" + behindPosition("sink IS NULL", order) + ") AS for_all UNION ALL SELECT * FROM ("
                        + behindPosition("sink = ?", order) + ") AS for_one ORDER BY " + order + " LIMIT ?",
                EventTable::event,
                outbound,
                outbound,
                sink,
                most,
                outbound,
                sink,
                outbound,
                sink,
                most,
                most);
    }

    private static String behindPosition(String whose, String order) {
        return "SELECT seq, outbound, stream, json FROM event WHERE outbound = ? AND " + whose
                + " AND seq > (SELECT seq FROM sink_position WHERE outbound = ? AND sink = ?) ORDER BY " + order
                + " LIMIT ?";
    }

    /** Deletes the copies for one sink up to a number. */
    public void deleteCopies(String outbound, String sink, long seq) {
        sql.update("DELETE FROM event WHERE outbound = ? AND sink = ? AND seq <= ?", outbound, sink, seq);
    }

    /** Deletes the copies for sinks that are not among these. */
    public void deleteCopiesOfOthers(String outbound, Collection<String> sinks) {
        sql.update(
                "DELETE FROM event WHERE outbound = ? AND sink IS NOT NULL AND sink NOT IN " + Sql.marks(sinks.size()),
                Sql.values(outbound, sinks));
    }

    /** Deletes what every sink of the outbound has. */
    public void deleteTaken(String outbound) {
        sql.update(
                "DELETE FROM event WHERE outbound = ? AND sink IS NULL"
                        + " AND seq <= (SELECT min(seq) FROM sink_position WHERE outbound = ?)",
                outbound,
                outbound);
    }

    /** Deletes a bounded number of those that every sink has and that were recorded up to some time. @return how many */
    public int deleteTaken(String outbound, Instant until, int most) {
        return sql.update(
                "DELETE FROM event WHERE outbound = ? AND sink IS NULL"
                        + " AND seq <= (SELECT min(seq) FROM sink_position WHERE outbound = ?) AND seq IN (SELECT seq FROM event"
                        + " WHERE outbound = ? AND sink IS NULL AND at <= ? ORDER BY at LIMIT ?)",
                outbound,
                outbound,
                outbound,
                until,
                most);
    }

    /** Deletes the events of an outbound that the test is true of. @return how many */
    public int delete(String outbound, Predicate<String> json) {
        List<Long> events = sql.listIf(
                "SELECT seq, json FROM event WHERE outbound = ?",
                row -> json.test(row.text("json")),
                row -> row.number("seq"),
                outbound);
        sql.batch("DELETE FROM event WHERE seq = ?", events, seq -> new Object[] {seq});
        return events.size();
    }
}
