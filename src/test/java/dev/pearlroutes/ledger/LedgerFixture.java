package dev.pearlroutes.ledger;

import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A real ledger on disk, for tests. */
public final class LedgerFixture {
    public static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

    private LedgerFixture() {}

    /** {@code -Dledger=postgresql} for any test; {@link PostgresSuiteTest} sets it for those of the ledger. */
    private static volatile boolean postgresql = "postgresql".equals(System.getProperty("ledger"));

    /** Whether the ledgers of tests are PostgreSQL's. */
    public static boolean isPostgresql() {
        return postgresql;
    }

    static void usePostgresql(boolean use) {
        postgresql = use;
    }

    /** The ledger of a folder, in SQLite or in PostgreSQL. */
    public static Ledger open(Path folder) {
        return postgresql
                ? Ledger.open(PostgresServer.url(folder), folder.resolve("tmp"), PostgresServer.ACCESS)
                : sqlite(folder);
    }

    public static Ledger sqlite(Path folder) {
        return Ledger.open(
                "jdbc:sqlite:" + folder.resolve("ledger.sqlite"),
                folder.resolve("tmp"),
                PosixFilePermissions.fromString("rw-------"));
    }

    public static Leads leads(Ledger ledger) {
        return new Leads(ledger);
    }

    public static Leads leads(Ledger ledger, Map<String, LeadIdentity> identities) {
        return new Leads(ledger, identities);
    }

    public static LeadIntent row(long row, String externalId) {
        return row(row, externalId, "+1212555" + (1000 + row));
    }

    public static LeadIntent row(long row, String externalId, String phone) {
        String body = "{\"phoneNumber\":\"%s\",\"externalId\":\"%s\"}".formatted(phone, externalId);
        return new LeadIntent(row, row + 1, externalId, phone, body, null);
    }

    public static Outcome outcome(LeadIntent intent, RowState state) {
        return new Outcome(
                intent.row(),
                intent.line(),
                state,
                intent.externalId(),
                state == RowState.ACCEPTED ? "lead-" + intent.externalId() : null,
                state == RowState.ACCEPTED ? null : "said so",
                intent.phoneNumber());
    }

    public static List<String> column(Ledger ledger, String sql) {
        return ledger.transaction(tx -> tx.sql().list(sql, row -> row.text(1)));
    }
}
