package dev.pearlroutes.ledger;

import dev.pearlroutes.files.ProcessLock;
import dev.pearlroutes.ledger.tables.Dialect;
import dev.pearlroutes.ledger.tables.Sql;
import dev.pearlroutes.ledger.tables.SqlFailure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The copy of a ledger out of SQLite's file into an empty database of PostgreSQL. The file is only read. */
public final class LedgerMigration {
    private static final String META = "meta";

    private static final List<String> TABLES = List.of(
            META,
            "source",
            "lead",
            "call",
            "call_outcome",
            "wave",
            "silence",
            "clock_jump",
            "cursor",
            "event",
            "sink_position",
            "sink_file",
            "failed_stop",
            "request");

    /** Tables that hand out numbers, with the column of these. A number is never given again, also when its row is deleted. */
    private static final Map<String, String> NUMBERED = Map.of("source", "id", "event", "seq");

    private static final int ROWS_AT_ONCE = 500;

    private LedgerMigration() {}

    /**
     * Copies a ledger.
     *
     * @param url of the file
     * @param scratch folder for what SQLite unpacks
     * @param target address of the database
     * @return rows by table, in each of the two the same
     * @throws LedgerException when a process works on one of them, the database holds a ledger that is not empty, or a count differs
     */
    public static Map<String, Long> copy(String url, Path scratch, String target, LedgerServer server) {
        LedgerDatabase from = new LedgerDatabase(url);
        from.requireFile();
        LedgerDatabase.useScratch(scratch);
        ProcessLock lock = LedgerLock.take(from.file());
        try {
            from.requireSchema();
            PostgresDatabase to = new PostgresDatabase(target, server);
            to.require();
            to.migrate();
            try (Connection reading = from.reading();
                    Connection writing = Leadership.alone(to)) {
                writing.setAutoCommit(false);
                Map<String, Long> rows = copy(
                        new Sql(reading), new Sql(writing, Dialect.POSTGRESQL, Clock.systemUTC(), false), to.place());
                writing.commit();
                return rows;
            }
        } catch (SqlFailure e) {
            throw failure(e.getCause());
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            lock.close();
        }
    }

    private static LedgerException failure(SQLException e) {
        return new LedgerException("the ledger cannot be copied: " + e.getMessage(), e);
    }

    private static Map<String, Long> copy(Sql from, Sql to, String place) {
        for (String table : TABLES) {
            // A start makes a key, by which nothing is known yet.
            if (!table.equals(META) && to.exists("SELECT 1 FROM " + table + " LIMIT 1")) {
                throw new LedgerException("the ledger " + place + " is not empty: copy into a database of its own");
            }
        }
        to.update("DELETE FROM " + META);
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : TABLES) {
            copy(table, from, to);
            long read = from.number("SELECT count(*) FROM " + table);
            long written = to.number("SELECT count(*) FROM " + table);
            if (read != written) {
                throw new LedgerException(
                        "of table " + table + " " + written + " of " + read + " rows were copied: nothing was changed");
            }
            rows.put(table, read);
        }
        NUMBERED.forEach((table, column) -> {
            long last = from.first("SELECT seq FROM sqlite_sequence WHERE name = ?", row -> row.number(1), table)
                    .orElse(0L);
            if (last > 0) {
                to.number("SELECT setval(pg_get_serial_sequence('" + table + "', '" + column + "'), ?)", last);
            }
        });
        return rows;
    }

    private static void copy(String table, Sql from, Sql to) {
        List<String> columns = from.list("SELECT name FROM pragma_table_info('" + table + "')", row -> row.text(1));
        String names = String.join(", ", columns);
        String insert = "INSERT INTO " + table + " (" + names + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        List<Object[]> waiting = new ArrayList<>();
        from.each("SELECT " + names + " FROM " + table, row -> {
            waiting.add(row.values(columns.size()));
            if (waiting.size() == ROWS_AT_ONCE) {
                to.batch(insert, waiting, values -> values);
                waiting.clear();
            }
        });
        to.batch(insert, waiting, values -> values);
    }
}
