package dev.pearlroutes.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The shortest statements, on the caller's connection and in its transaction. */
final class Sql {
    private Sql() {}

    /** @return how many rows were changed */
    static int update(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement update = c.prepareStatement(sql)) {
            set(update, values);
            return update.executeUpdate();
        }
    }

    /** The first column of what is found. */
    static List<String> column(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement select = c.prepareStatement(sql)) {
            set(select, values);
            List<String> column = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    column.add(row.getString(1));
                }
            }
            return column;
        }
    }

    static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
