package dev.pearlroutes.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** Looks into a bundle's ledger from outside, as an operator with a database client would; also while the bundle runs. */
public final class LedgerFile {
    private final Path file;

    /** @param data the data folder */
    public LedgerFile(Path data) {
        this.file = data.resolve("ledger.sqlite");
    }

    public Path path() {
        return file;
    }

    /** The first column of each row. */
    public List<String> column(String sql) {
        SQLiteConfig reading = new SQLiteConfig();
        reading.setReadOnly(true);
        try (Connection connection = reading.createConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public long number(String sql) {
        return Long.parseLong(column(sql).get(0));
    }

    /** For a bundle that is stopped: a change beside a running one may have to wait for its transactions. */
    public void change(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Waits until no unpublished call waits for its lead and every sink has every event. */
    public void awaitDelivered() {
        await("delivery of all events")
                .pollInterval(Duration.ofMillis(50))
                .until(() -> number("SELECT count(*) FROM call WHERE join_at IS NOT NULL"
                                        + " AND (told IS NULL OR join_at <= " + System.currentTimeMillis() + ")")
                                == 0
                        && number("SELECT count(*) FROM event") == 0);
    }

    /** Whether the bytes of the database file or of its journal hold the text, freed pages included. */
    public boolean holds(String text) {
        return List.of("", "-wal", "-shm").stream()
                .map(suffix -> file.resolveSibling(file.getFileName() + suffix))
                .filter(Files::exists)
                .anyMatch(each -> bytes(each).contains(text));
    }

    private static String bytes(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
