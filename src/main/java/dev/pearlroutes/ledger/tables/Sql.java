package dev.pearlroutes.ledger.tables;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The statements of one transaction: text and values in, records out. A value is a text, a number, a boolean, bytes, an
 * {@link Instant}, which is stored as milliseconds, or null. It throws {@link SqlFailure}, and {@link Ledger} decides what follows.
 */
public final class Sql {
    private final Connection connection;

    public Sql(Connection connection) {
        this.connection = connection;
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
            set(statement, values);
            return statement.executeUpdate();
        });
    }

    /** Executes a statement once for each item. @return how many rows it changed in all */
    public <T> int batch(String sql, Collection<T> items, Function<T, Object[]> values) {
        return with(sql, statement -> {
            for (T item : items) {
                set(statement, values.apply(item));
                statement.addBatch();
            }
            return Arrays.stream(statement.executeBatch()).sum();
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
            set(statement, values);
            try (ResultSet result = statement.executeQuery()) {
                Row row = new Row(result);
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
            set(statement, values);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.of(mapper.map(new Row(result))) : Optional.empty();
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
            return new Query(connection.prepareStatement(sql));
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

        private Query(PreparedStatement statement) {
            this.statement = statement;
        }

        /** Asks it and reads all rows. */
        public <T> List<T> list(Mapper<T> mapper, Object... values) {
            try {
                return Sql.list(statement, mapper, values);
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

        private Row(ResultSet result) {
            this.result = result;
        }

        /** Reads a text; null when there is none. */
        public String text(String column) throws SQLException {
            return result.getString(column);
        }

        public String text(int column) throws SQLException {
            return result.getString(column);
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

    private static <T> List<T> list(PreparedStatement statement, Mapper<T> mapper, Object... values)
            throws SQLException {
        set(statement, values);
        List<T> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            Row row = new Row(result);
            while (result.next()) {
                rows.add(mapper.map(row));
            }
        }
        return rows;
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            statement.setObject(i + 1, value instanceof Instant time ? (Object) time.toEpochMilli() : value);
        }
    }
}
