package dev.pearlroutes.ledger.tables;

import java.sql.SQLException;

/** The unchecked form in which an {@link SQLException} leaves a work of a transaction; {@link dev.pearlroutes.ledger.Ledger} takes it apart. */
public final class SqlFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SqlFailure(SQLException cause) {
        super(cause);
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) super.getCause();
    }
}
