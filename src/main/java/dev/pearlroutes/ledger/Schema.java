package dev.pearlroutes.ledger;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The schema of a ledger: scripts of SQL, each applied once and in their order, in a transaction of its own together with its
 * entry in a table. Table and checksums are those of Flyway, which reads and wrote them too; Flyway itself would take a sixth
 * of the CPU of each start.
 */
final class Schema {
    private static final String FOLDER = "migrations/";

    /** All of them, version 1 first. One that was shipped must never be changed. */
    private static final List<Script> SCRIPTS = List.of(script(1, "ledger"));

    private static final String HISTORY = """
            CREATE TABLE flyway_schema_history (
              installed_rank INT NOT NULL PRIMARY KEY,
              version        VARCHAR(50),
              description    VARCHAR(200) NOT NULL,
              type           VARCHAR(20) NOT NULL,
              script         VARCHAR(1000) NOT NULL,
              checksum       INT,
              installed_by   VARCHAR(100) NOT NULL,
              installed_on   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
              execution_time INT NOT NULL,
              success        BOOLEAN NOT NULL
            )
            """;

    private Schema() {}

    private record Script(int version, String description, String sql) {
        String name() {
            return fileName(version, description);
        }

        /** As Flyway has it: of the lines, so that their ends don't count. */
        int checksum() throws IOException {
            CRC32 crc = new CRC32();
            BufferedReader lines = new BufferedReader(new StringReader(sql));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                crc.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return (int) crc.getValue();
        }
    }

    /**
     * Applies the scripts that the ledger lacks.
     *
     * @throws LedgerException when it is of a later version or of another program; the message says only why
     */
    static void migrate(Connection ledger) throws SQLException, IOException {
        for (Script script : lacking(ledger)) {
            ledger.setAutoCommit(false);
            try (Statement sql = ledger.createStatement()) {
                if (script.version() == 1 && isEmpty(ledger)) {
                    sql.executeUpdate(HISTORY);
                }
                sql.executeUpdate(script.sql());
                enter(ledger, script);
                // Commits.
                ledger.setAutoCommit(true);
            }
        }
    }

    /** @throws LedgerException when the ledger is not of this version; the message says only why */
    static void require(Connection ledger) throws SQLException, IOException {
        List<Script> lacking = lacking(ledger);
        if (!lacking.isEmpty()) {
            throw new LedgerException(lacking.get(0).name() + " was not applied yet.");
        }
    }

    private static List<Script> lacking(Connection ledger) throws SQLException, IOException {
        if (isEmpty(ledger)) {
            return SCRIPTS;
        }
        if (!exists(ledger, "SELECT 1 FROM sqlite_schema WHERE name = 'flyway_schema_history'")) {
            throw new LedgerException("it is the database of another program.");
        }
        int applied = 0;
        try (Statement statement = ledger.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT script, checksum, success FROM flyway_schema_history ORDER BY installed_rank")) {
            while (rows.next()) {
                requireKnown(applied++, rows.getString(1), rows.getInt(2), rows.getBoolean(3));
            }
        }
        return SCRIPTS.subList(applied, SCRIPTS.size());
    }

    private static void requireKnown(int place, String name, int checksum, boolean complete) throws IOException {
        if (place >= SCRIPTS.size()) {
            throw new LedgerException("a later version has applied " + name + ".");
        }
        Script script = SCRIPTS.get(place);
        if (!script.name().equals(name) || script.checksum() != checksum || !complete) {
            throw new LedgerException("another " + script.name() + " than this version's has made it.");
        }
    }

    private static void enter(Connection ledger, Script script) throws SQLException, IOException {
        try (PreparedStatement insert =
                ledger.prepareStatement("INSERT INTO flyway_schema_history (installed_rank, version,"
                        + " description, type, script, checksum, installed_by, execution_time, success)"
                        + " VALUES (?, ?, ?, 'SQL', ?, ?, '', 0, 1)")) {
            insert.setInt(1, script.version());
            insert.setString(2, Integer.toString(script.version()));
            insert.setString(3, script.description());
            insert.setString(4, script.name());
            insert.setInt(5, script.checksum());
            insert.executeUpdate();
        }
    }

    private static boolean isEmpty(Connection ledger) throws SQLException {
        return !exists(ledger, "SELECT 1 FROM sqlite_schema");
    }

    private static boolean exists(Connection ledger, String query) throws SQLException {
        try (Statement statement = ledger.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static Script script(int version, String description) {
        try (InputStream in = Schema.class.getResourceAsStream(FOLDER + fileName(version, description))) {
            return new Script(version, description, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new LedgerException("the scripts of the ledger's schema cannot be read", e);
        }
    }

    private static String fileName(int version, String description) {
        return "V" + version + "__" + description + ".sql";
    }
}
