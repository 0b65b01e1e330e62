package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.SinkBacklog;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tables {@code sink_position} and {@code sink_file}: how far each sink has taken the events. */
public final class SinkTable {
    private final Sql sql;

    public SinkTable(Sql sql) {
        this.sql = sql;
    }

    /** Adds the sinks that are new, each at the position of the slowest there is, and deletes those that are not among these. */
    public void register(String outbound, Collection<String> sinks) {
        long slowest = sql.number("SELECT coalesce(min(seq), 0) FROM sink_position WHERE outbound = ?", outbound);
        sql.batch(
                "INSERT INTO sink_position (outbound, sink, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                sinks,
                sink -> new Object[] {outbound, sink, slowest});
        sql.update(
                "DELETE FROM sink_position WHERE outbound = ? AND sink NOT IN " + Sql.marks(sinks.size()),
                Sql.values(outbound, sinks));
    }

    /** Deletes the sinks of an outbound. */
    public void remove(String outbound) {
        sql.update("DELETE FROM sink_position WHERE outbound = ?", outbound);
    }

    /** Answers with the number of the last event that a sink has taken; empty for no such sink. */
    public Optional<Long> position(String outbound, String sink) {
        return sql.first(
                "SELECT seq FROM sink_position WHERE outbound = ? AND sink = ?",
                row -> row.number("seq"),
                outbound,
                sink);
    }

    /** Answers with the number of the last event that each sink of an outbound has taken, by sink. */
    public Map<String, Long> positions(String outbound) {
        Map<String, Long> positions = new TreeMap<>();
        sql.each(
                "SELECT sink, seq FROM sink_position WHERE outbound = ?",
                row -> positions.put(row.text("sink"), row.number("seq")),
                outbound);
        return positions;
    }

    /** Notes the last event that a sink has taken. */
    public void move(String outbound, String sink, long seq) {
        sql.update("UPDATE sink_position SET seq = ? WHERE outbound = ? AND sink = ?", seq, outbound, sink);
    }

    /** Lists the outbounds that have sinks. */
    public List<String> outbounds() {
        return sql.list("SELECT DISTINCT outbound FROM sink_position", row -> row.text(1));
    }

    /** Lists the outbounds that have sinks which have not taken every event. */
    public List<String> waitingOutbounds() {
        return sql.list(
                "SELECT DISTINCT p.outbound FROM sink_position p WHERE EXISTS (SELECT 1 FROM event e"
                        + " WHERE e.outbound = p.outbound AND e.seq > p.seq AND coalesce(e.sink, p.sink) = p.sink)",
                row -> row.text(1));
    }

    /** Counts what waits for each sink. */
    public List<SinkBacklog> backlogs() {
        // By indexes alone, and each sum of one of its own.
        return sql.list(
                "SELECT outbound, sink, sum(waiting) AS waiting, min(oldest) AS oldest FROM ("
                        + "SELECT p.outbound, p.sink, count(e.seq) AS waiting, min(e.at) AS oldest FROM sink_position p"
                        + " LEFT JOIN event e ON e.outbound = p.outbound AND e.sink IS NULL AND e.seq > p.seq"
                        + " GROUP BY p.outbound, p.sink UNION ALL"
                        + " SELECT p.outbound, p.sink, count(e.seq), min(e.at) FROM sink_position p"
                        + " LEFT JOIN event e ON e.outbound = p.outbound AND e.sink = p.sink AND e.seq > p.seq"
                        + " GROUP BY p.outbound, p.sink) AS part GROUP BY outbound, sink ORDER BY outbound, sink",
                row -> {
                    Instant oldest = row.number("waiting") == 0 ? null : row.time("oldest");
                    return new SinkBacklog(row.text("outbound"), row.text("sink"), row.number("waiting"), oldest);
                });
    }

    // --- the files of file sinks ---

    /** Answers with the lengths of an outbound's open files by name, each with every delivered event in it once. */
    public Map<String, Long> fileLengths(String outbound) {
        Map<String, Long> lengths = new HashMap<>();
        sql.each(
                "SELECT name, length FROM sink_file WHERE outbound = ?",
                row -> lengths.put(row.text("name"), row.number("length")),
                outbound);
        return lengths;
    }

    /** Stores the lengths of files by name. */
    public void putFileLengths(String outbound, Map<String, Long> lengths) {
        sql.batch(
                "INSERT INTO sink_file (outbound, name, length) VALUES (?, ?, ?)"
                        + " ON CONFLICT (outbound, name) DO UPDATE SET length = excluded.length",
                lengths.entrySet(),
                file -> new Object[] {outbound, file.getKey(), file.getValue()});
    }

    /** Deletes the length of a file. */
    public void deleteFile(String outbound, String name) {
        sql.update("DELETE FROM sink_file WHERE outbound = ? AND name = ?", outbound, name);
    }

    /** Deletes the lengths of all files of all outbounds. */
    public void deleteFiles() {
        sql.update("DELETE FROM sink_file");
    }
}
