package dev.pearlroutes.ledger.tables;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The statements of one transaction: text and values in, records out. A value is a text, a number, a boolean, bytes, an
 * {@link Instant}, which is stored as milliseconds, or null. It throws {@link SqlFailure}, and {@link Ledger} decides what follows.
 */
public final class Sql {
    private final Connection connection;
    private final Dialect dialect;
    private final Clock clock;
    private final boolean beside;

    /** The statements of a connection to SQLite. */
    public Sql(Connection connection) {
        this(connection, Dialect.SQLITE, Clock.systemUTC(), false);
    }

    /**
     * @param clock the ledger's time
     * @param beside whether other transactions run beside this one
     */
    public Sql(Connection connection, Dialect dialect, Clock clock, boolean beside) {
        this.connection = connection;
        this.dialect = dialect;
        this.clock = clock;
        this.beside = beside;
    }

    /** Answers with the words of the database. */
    public Dialect dialect() {
        return dialect;
    }

    /** Answers with the ledger's time, in milliseconds since 1970. */
    long now() {
        return clock.millis();
    }

    /** Keeps a key from other transactions until this one ends; where no others run beside this one that is so already. */
    void lock(String key) {
        if (beside) {
            number("SELECT count(" + Dialect.lock("?") + ")", key);
        }
    }

    /** Makes a record of a row. */
    @FunctionalInterface
    public interface Mapper<T> {
        T map(Row row) throws SQLException;
    }

    /** Takes a row. */
    @FunctionalInterface
    public interface Receiver {
        void take(Row row) throws SQLException;
    }

    /** Tests a row. */
    @FunctionalInterface
    public interface Test {
        boolean test(Row row) throws SQLException;
    }

    /** Executes a statement. @return how many rows it changed */
    public int update(String sql, Object... values) {
        return with(sql, statement -> {
            set(dialect, statement, values);
            return statement.executeUpdate();
        });
    }

    /** Executes a statement once for each item. @return how many rows it changed in all */
    public <T> int batch(String sql, Collection<T> items, Function<T, Object[]> values) {
        if (items.isEmpty()) {
            return 0;
        }
        return with(sql, statement -> {
            for (T item : items) {
                set(dialect, statement, values.apply(item));
                statement.addBatch();
            }
            // PostgreSQL's driver makes one statement of several inserts, and does not say how many rows each has
            // added.
            return Arrays.stream(statement.executeBatch())
                    .map(rows -> rows == Statement.SUCCESS_NO_INFO ? 1 : rows)
                    .sum();
        });
    }

    /** Reads all rows that a statement answers with, those of {@code RETURNING} too. */
    public <T> List<T> list(String sql, Mapper<T> mapper, Object... values) {
        return with(sql, statement -> list(statement, mapper, values));
    }

    /** Reads the rows that pass a test. The others are not kept, however many they are. */
    public <T> List<T> listIf(String sql, Test test, Mapper<T> mapper, Object... values) {
        List<T> rows = new ArrayList<>();
        each(
                sql,
                row -> {
                    if (test.test(row)) {
                        rows.add(mapper.map(row));
                    }
                },
                values);
        return rows;
    }

    /** Hands over all rows, one after the other. */
    public void each(String sql, Receiver receiver, Object... values) {
        with(sql, statement -> {
            set(dialect, statement, values);
            try (ResultSet result = statement.executeQuery()) {
                Row row = new Row(result, dialect);
                while (result.next()) {
                    receiver.take(row);
                }
                return null;
            }
        });
    }

    /** Reads the first row; empty when there is none. A mapped value must not be null. */
    public <T> Optional<T> first(String sql, Mapper<T> mapper, Object... values) {
        return with(sql, statement -> {
            set(dialect, statement, values);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.of(mapper.map(new Row(result, dialect))) : Optional.empty();
            }
        });
    }

    /** Tells whether a statement answers with a row. */
    public boolean exists(String sql, Object... values) {
        return first(sql, row -> true, values).isPresent();
    }

    /** Reads a single number, such as a count. */
    public long number(String sql, Object... values) {
        return first(sql, row -> row.number(1), values).orElseThrow();
    }

    /** Prepares a query that is asked many times in the transaction. */
    public Query prepare(String sql) {
        try {
            return new Query(connection.prepareStatement(sql), dialect);
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    /** Makes the list of places for {@code IN}: a question mark for each value, in brackets. */
    public static String marks(int values) {
        return String.join(", ", Collections.nCopies(values, "?")).transform(marks -> "(" + marks + ")");
    }

    /** Joins single values and the values of a list for one statement, in the order given. */
    public static Object[] values(Object... parts) {
        List<Object> values = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof Collection<?> several) {
                values.addAll(several);
            } else {
                values.add(part);
            }
        }
        return values.toArray();
    }

    /** A prepared query. */
    public static final class Query implements AutoCloseable {
        private final PreparedStatement statement;
        private final Dialect dialect;

        private Query(PreparedStatement statement, Dialect dialect) {
            this.statement = statement;
            this.dialect = dialect;
        }

        /** Asks it and reads the rows up to the first that the test is true of; all when there is none. */
        public <T> List<T> listUntil(Predicate<T> last, Mapper<T> mapper, Object... values) {
            try {
                set(dialect, statement, values);
                List<T> rows = new ArrayList<>();
                try (ResultSet result = statement.executeQuery()) {
                    Row row = new Row(result, dialect);
                    boolean ended = false;
                    while (!ended && result.next()) {
                        T read = mapper.map(row);
                        rows.add(read);
                        ended = last.test(read);
                    }
                }
                return rows;
            } catch (SQLException e) {
                throw new SqlFailure(e);
            }
        }

        @Override
        public void close() {
            try {
                statement.close();
            } catch (SQLException e) {
                throw new SqlFailure(e);
            }
        }
    }

    /** A row of an answer, read by the names or the places of its columns. */
    public static final class Row {
        private final ResultSet result;
        private final Dialect dialect;

        private Row(ResultSet result, Dialect dialect) {
            this.result = result;
            this.dialect = dialect;
        }

        /** Reads a text; null when there is none. */
        public String text(String column) throws SQLException {
            return dialect.read(result.getString(column));
        }

        public String text(int column) throws SQLException {
            return dialect.read(result.getString(column));
        }

        /** Reads a number; 0 when there is none. */
        public long number(String column) throws SQLException {
            return result.getLong(column);
        }

        public long number(int column) throws SQLException {
            return result.getLong(column);
        }

        /** Reads a number; null when there is none. */
        public Long numberOrNull(String column) throws SQLException {
            long number = result.getLong(column);
            return result.wasNull() ? null : Long.valueOf(number);
        }

        /** Reads a small number, such as a code; null when there is none. */
        public Integer codeOrNull(String column) throws SQLException {
            int code = result.getInt(column);
            return result.wasNull() ? null : Integer.valueOf(code);
        }

        /** Reads a time; null when there is none. */
        public Instant time(String column) throws SQLException {
            long millis = result.getLong(column);
            return result.wasNull() ? null : Instant.ofEpochMilli(millis);
        }

        /** Reads all columns as they are stored. */
        public Object[] values(int columns) throws SQLException {
            Object[] values = new Object[columns];
            for (int i = 0; i < columns; i++) {
                values[i] = result.getObject(i + 1);
            }
            return values;
        }

        public boolean flag(String column) throws SQLException {
            return result.getBoolean(column);
        }

        public boolean flag(int column) throws SQLException {
            return result.getBoolean(column);
        }

        /** Reads bytes; null when there are none. */
        public byte[] bytes(String column) throws SQLException {
            return result.getBytes(column);
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private <T> T with(String sql, Call<T> call) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return call.on(statement);
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    private <T> List<T> list(PreparedStatement statement, Mapper<T> mapper, Object... values) throws SQLException {
        set(dialect, statement, values);
        List<T> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            Row row = new Row(result, dialect);
            while (result.next()) {
                rows.add(mapper.map(row));
            }
        }
        return rows;
    }

    private static Object stored(Object value, Dialect dialect) {
        if (value instanceof Instant time) {
            return time.toEpochMilli();
        }
        return value instanceof String text ? dialect.stored(text) : value;
    }

    private static void set(Dialect dialect, PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            statement.setObject(i + 1, stored(value, dialect));
        }
    }
}
