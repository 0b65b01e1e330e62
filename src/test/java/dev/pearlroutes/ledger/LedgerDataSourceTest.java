package dev.pearlroutes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

/** A statement that is kept has to be as good as a new one. */
class LedgerDataSourceTest {
    private static final String INSERT = "INSERT INTO row (id, text) VALUES (?, ?)";
    private static final String SELECT = "SELECT text FROM row WHERE id >= ? ORDER BY id";

    @TempDir
    private Path folder;

    private LedgerDataSource source;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setBusyTimeout(0);
        config.setGetGeneratedKeys(false);
        source = new LedgerDataSource(config);
        source.setUrl("jdbc:sqlite:" + folder.resolve("kept.sqlite"));
        connection = source.getConnection();
        try (Statement create = connection.createStatement()) {
            create.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)");
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void isKeptWithoutTheValuesAndTheBatchOfItsLastUse() throws SQLException {
        PreparedStatement first = connection.prepareStatement(INSERT);
        insert(first, 1, "somebody's");
        first.setInt(1, 2);
        first.setString(2, "never run");
        first.addBatch();
        first.close();
        try (PreparedStatement again = connection.prepareStatement(INSERT)) {
            assertThat(again).isSameAs(first);
            again.setInt(1, 3);
            again.executeUpdate();
            assertThat(again.executeBatch()).isEmpty();
        }
        assertThat(texts(1)).containsExactly("somebody's", null);
    }

    @Test
    void leavesNoReaderOpenThatWasNotReadToItsEnd() throws SQLException {
        insertTwo();
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setInt(1, 1);
            assertThat(select.executeQuery().next()).isTrue();
        }
        // With a reader left, the journal could not be emptied.
        try (Connection other = source.getConnection();
                Statement checkpoint = other.createStatement();
                ResultSet busy = checkpoint.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            assertThat(busy.getInt(1)).isZero();
        }
    }

    @Test
    void isGoodAfterItHasFailed() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert(insert, 1, "a");
            assertThatThrownBy(() -> insert(insert, 1, "again")).isInstanceOf(SQLException.class);
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert(insert, 2, "b");
        }
        assertThat(texts(1)).containsExactly("a", "b");
    }

    @Test
    void isNotGivenToTwoAtATime() throws SQLException {
        insertTwo();
        try (PreparedStatement outer = connection.prepareStatement(SELECT)) {
            outer.setInt(1, 1);
            try (ResultSet row = outer.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(texts(2)).containsExactly("b");
                assertThat(row.getString(1)).isEqualTo("a");
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("b");
            }
        }
    }

    private void insertTwo() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert(insert, 1, "a");
            insert(insert, 2, "b");
        }
    }

    private List<String> texts(int from) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setInt(1, from);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    texts.add(row.getString(1));
                }
            }
        }
        return texts;
    }

    private static void insert(PreparedStatement insert, int id, String text) throws SQLException {
        insert.setInt(1, id);
        insert.setString(2, text);
        insert.executeUpdate();
    }
}
