package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.ledger.tables.MetaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTemplateTest {
    private static final String SCHEMA = "SELECT name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name";

    @TempDir
    private Path folder;

    @BeforeAll
    static void theBuildHasMadeIt() {
        assertThat(LedgerTemplate.class.getResource("template.sqlite"))
                .as("run mvn compile")
                .isNotNull();
    }

    @Test
    void aNewLedgerHasTheSchemaThatFlywayMakesAndAKeyOfItsOwn() throws Exception {
        Path byFlyway = Files.createDirectory(folder.resolve("by-flyway"));
        try (Connection other = connect(byFlyway.resolve("ledger.sqlite"))) {
            // Not empty any more, so that Flyway is asked.
            execute(other, "PRAGMA user_version = 1");
        }
        try (Ledger made = LedgerFixture.open(byFlyway);
                Ledger copied = LedgerFixture.open(folder)) {
            assertThat(LedgerFixture.column(copied, SCHEMA))
                    .hasSizeGreaterThan(20)
                    .isEqualTo(LedgerFixture.column(made, SCHEMA));
            assertThat(LedgerFixture.column(copied, "PRAGMA user_version")).containsExactly("0");
            assertThat(copied.keyedHash().of("x")).isNotEqualTo(made.keyedHash().of("x"));
        }
        LedgerFixture.open(byFlyway).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"checksum = 1", "success = 0", "version = '2'"})
    void aLedgerWithAnotherHistoryIsLeftToFlyway(String change) {
        try (Ledger ledger = LedgerFixture.open(folder)) {
            LedgerChanges.change(ledger, "UPDATE flyway_schema_history SET " + change);
        }
        assertThatThrownBy(() -> LedgerFixture.open(folder)).isInstanceOf(LedgerException.class);
        assertThatThrownBy(() -> Ledger.visit("jdbc:sqlite:" + folder.resolve("ledger.sqlite"), folder.resolve("tmp")))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("has not this version's schema");
    }

    @Test
    void aCopyThatWasCutShortIsUndone() throws Exception {
        Path half = folder.resolve("half.sqlite");
        try (Connection other = connect(half)) {
            execute(other, "PRAGMA cache_size = 1");
            execute(other, "BEGIN");
            execute(
                    other,
                    "CREATE TABLE source AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9999)"
                            + " SELECT i, hex(randomblob(500)) FROM n");
            // What a kill in the middle of SQLite's transaction leaves.
            Files.copy(half, folder.resolve("ledger.sqlite"));
            Files.copy(folder.resolve("half.sqlite-journal"), folder.resolve("ledger.sqlite-journal"));
        }
        assertThat(folder.resolve("ledger.sqlite")).isNotEmptyFile();
        try (Ledger ledger = LedgerFixture.open(folder)) {
            assertThat(LedgerFixture.column(ledger, "SELECT count(*) FROM source"))
                    .containsExactly("0");
        }
    }

    @Test
    void theJournalOfALedgerThatIsGoneDoesNotComeIntoTheNewOne() throws Exception {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Path journal = folder.resolve("ledger.sqlite-wal");
        try (Ledger ledger = LedgerFixture.open(gone)) {
            LedgerChanges.change(ledger, "INSERT INTO meta (name, value) VALUES ('of', 'the old one')");
            Files.copy(gone.resolve("ledger.sqlite-wal"), journal);
        }
        try (Ledger ledger = LedgerFixture.open(folder)) {
            assertThat(LedgerFixture.column(ledger, "SELECT name FROM meta")).isEqualTo(List.of(MetaTable.HASH_KEY));
            assertThat(LedgerFixture.column(ledger, "PRAGMA integrity_check")).containsExactly("ok");
        }
    }

    /** Older versions of SQLite, which people look into a ledger with, have a parser of 100 places and refuse the whole file else. */
    @Test
    void itsSchemaCanBeReadByOlderVersionsOfSqlite() {
        try (Ledger ledger = LedgerFixture.open(folder)) {
            assertThat(LedgerFixture.column(ledger, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(sql -> assertThat(depth(sql)).as(sql).isLessThan(23));
        }
    }

    private static int depth(String sql) {
        int depth = 0;
        int deepest = 0;
        for (char c : sql.toCharArray()) {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            deepest = Math.max(deepest, depth);
        }
        return deepest;
    }

    @Test
    void isTheSameAtEachBuild() throws Exception {
        assertThat(built("one")).isEqualTo(built("two"));
    }

    private byte[] built(String name) throws IOException, SQLException {
        Path classes = folder.resolve(name);
        Path target = Files.createDirectories(classes.resolve("dev/pearlroutes/ledger"));
        LedgerTemplate.main(
                new String[] {classes.toString(), folder.resolve("scratch").toString(), "2026-11-21T00:00:00Z"});
        return Files.readAllBytes(target.resolve("template.sqlite"));
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }
}
