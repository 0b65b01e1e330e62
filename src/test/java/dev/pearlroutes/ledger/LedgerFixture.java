package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A real ledger on disk. */
public final class LedgerFixture {
    public static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

    private LedgerFixture() {}

    public static Ledger open(Path folder) {
        return Ledger.open(
                "jdbc:sqlite:" + folder.resolve("ledger.sqlite"),
                folder.resolve("tmp"),
                PosixFilePermissions.fromString("rw-------"));
    }

    public static Leads leads(Ledger ledger) {
        return leads(ledger, Map.of());
    }

    public static Leads leads(Ledger ledger, Map<String, LeadIdentity> identities) {
        return new Leads(ledger, LedgerFixture::event, Duration.ofSeconds(60), identities);
    }

    public static Unknowns unknowns(Ledger ledger) {
        return new Unknowns(ledger, LedgerFixture::event, Duration.ofSeconds(60));
    }

    private static Event event(Source source, Outcome outcome) {
        return Event.of(
                source.outbound(),
                "leads",
                source.name() + " " + outcome.row() + " " + outcome.state().word());
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
