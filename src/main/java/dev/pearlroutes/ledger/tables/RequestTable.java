package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.Source;
import java.util.List;
import java.util.Optional;

/** Table {@code request}: the bodies of requests by HTTP whose source is unfinished. */
public final class RequestTable {
    private final Sql sql;

    public RequestTable(Sql sql) {
        this.sql = sql;
    }

    /** Keeps the body of a request. */
    public void keep(long sourceId, byte[] body) {
        sql.update("INSERT INTO request (source_id, body) VALUES (?, ?)", sourceId, body);
    }

    /** Reads the body of a request; empty when its source is finished or was never taken. */
    public Optional<byte[]> body(long sourceId) {
        return sql.first("SELECT body FROM request WHERE source_id = ?", row -> row.bytes("body"), sourceId);
    }

    /** Replaces the body of a request that is unfinished. */
    public void replace(long sourceId, byte[] body) {
        sql.update("UPDATE request SET body = ? WHERE source_id = ?", body, sourceId);
    }

    /** Forgets the body of a request that is finished or refused. */
    public void forget(long sourceId) {
        sql.update("DELETE FROM request WHERE source_id = ?", sourceId);
    }

    /** Lists the requests that are unfinished, oldest first. */
    public List<Source> unfinished() {
        return sql.list(
                "SELECT " + SourceTable.COLUMNS
                        + " FROM source WHERE id IN (SELECT source_id FROM request) ORDER BY id",
                SourceTable::source);
    }
}
