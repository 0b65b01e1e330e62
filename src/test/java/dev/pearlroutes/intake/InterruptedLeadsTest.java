package dev.pearlroutes.intake;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.column;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerBackup;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.ledger.SendJournal;
import dev.pearlroutes.ledger.SendJournal.Entry.State;
import dev.pearlroutes.ledger.SendJournal.Intent;
import dev.pearlroutes.ledger.tables.WaveTable;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.sending.UnknownLeads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Each start is one of a process that ended by kill -9: nothing of the one before is closed but its ledger. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "a send journal is kept where the boot has a name")
class InterruptedLeadsTest {
    private static final Instant BEGUN = AT.plusSeconds(5);
    private static final Instant NOW = AT.plusSeconds(60);

    @TempDir
    private Path folder;

    private Ledger ledger;
    private Leads leads;
    private SendJournal journal;
    private Source source;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        leads = LedgerFixture.leads(ledger);
        source = new Sources(ledger).claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        start();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** @return how many leads are unknown now */
    private int start() {
        journal = new SendJournal(folder.resolve("ledger.sends"), ledger.keyedHash(), 8);
        return new InterruptedLeads(ledger, new Events(Clock.systemUTC()), Leads.SETTLE_TIME, journal)
                .recoverAtStart(NOW);
    }

    private int restart() {
        ledger.close();
        ledger = LedgerFixture.open(folder);
        leads = LedgerFixture.leads(ledger);
        return start();
    }

    private List<LeadIntent> plan(int rows) {
        List<LeadIntent> intents = new ArrayList<>();
        for (int row = 1; row <= rows; row++) {
            intents.add(row(row, "crm-" + row));
        }
        return leads.plan(source, intents, AT);
    }

    private void sends(long row, State state, String text) throws InterruptedException {
        Intent intent = new Intent(source.id(), row);
        journal.begin(intent, BEGUN);
        if (state != null) {
            journal.end(intent, state, text);
        }
    }

    private Outcome now(long row) {
        return leads.outcomes(source, row, row).get(row);
    }

    @Test
    void onlyWhatWasOnTheWireIsUnknown() throws Exception {
        plan(6);
        sends(1, null, null);
        sends(2, State.ACCEPTED, "lead-2");
        sends(3, State.REJECTED, "400 phoneNumber: no");
        sends(4, State.UNSENT, null);
        sends(5, State.LOST, "answered 503");

        assertThat(restart()).as("on the wire").isEqualTo(1);

        assertThat(now(1).state()).isEqualTo(RowState.UNKNOWN);
        assertThat(now(2)).extracting(Outcome::state, Outcome::leadId).containsExactly(RowState.ACCEPTED, "lead-2");
        assertThat(now(3))
                .extracting(Outcome::state, Outcome::reason)
                .containsExactly(RowState.REJECTED, "400 phoneNumber: no");
        assertThat(now(4)).as("put back").isNull();
        assertThat(now(5))
                .extracting(Outcome::state, Outcome::reason)
                .containsExactly(RowState.UNKNOWN, "answered 503");
        assertThat(now(6)).as("put back").isNull();
        assertThat(column(ledger, "SELECT at FROM lead WHERE row_no = 2"))
                .as("a control of look-ups: not accepted before")
                .containsExactly(Long.toString(BEGUN.toEpochMilli()));
        assertThat(column(ledger, "SELECT json ->> '$.type' FROM event ORDER BY json ->> '$.data.source.line'"))
                .containsExactly(
                        "ai.nlpearl.lead.unknown",
                        "ai.nlpearl.lead.accepted",
                        "ai.nlpearl.lead.rejected",
                        "ai.nlpearl.lead.unknown");
        assertThat(column(ledger, "SELECT json ->> '$.data.phoneNumber' FROM event WHERE json LIKE '%accepted%'"))
                .containsExactly("+12125551002");
        assertThat(leads.plan(source, List.of(row(4, "crm-4"), row(6, "crm-6")), NOW))
                .as("planned again, each once")
                .hasSize(2);
    }

    @Test
    void withoutTheJournalEachIntentIsUnknown() throws Exception {
        plan(3);
        sends(1, State.ACCEPTED, "lead-1");
        Files.delete(folder.resolve("ledger.sends"));

        assertThat(restart()).isEqualTo(3);
        assertThat(now(1).state()).isEqualTo(RowState.UNKNOWN);
        assertThat(now(3).state()).isEqualTo(RowState.UNKNOWN);
    }

    @Test
    void aProcessThatKeptNoJournalLeavesNoneThatCounts() throws Exception {
        start();
        byte[] former = Files.readAllBytes(folder.resolve("ledger.sends"));
        restart();
        plan(2);
        Files.write(folder.resolve("ledger.sends"), former);

        assertThat(restart()).as("the journal of the process before the last").isEqualTo(2);
    }

    @Test
    void aCopyOfTheLedgerThatWasPutBackIsNotBelievedByTheJournal() throws Exception {
        assumeFalse(LedgerFixture.isPostgresql(), "a file is put back");
        plan(1);
        sends(1, State.ACCEPTED, "lead-1");
        byte[] copy = copy();
        leads.record(source, List.of(outcome(row(1, "crm-1"), RowState.ACCEPTED)), List.of(), NOW);
        long newest = ledger.read(tx -> tx.events().newest());
        journal.recorded(List.of(new Intent(source.id(), 1)), newest);
        ledger.close();
        putBack(copy);
        ledger = LedgerFixture.open(folder);
        leads = LedgerFixture.leads(ledger);

        assertThat(start()).isEqualTo(1);
        assertThat(now(1).state()).isEqualTo(RowState.UNKNOWN);
    }

    private byte[] copy() {
        Path copy = folder.resolve("copy.sqlite");
        LedgerBackup.write("jdbc:sqlite:" + folder.resolve("ledger.sqlite"), folder.resolve("tmp2"), copy);
        try {
            return Files.readAllBytes(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void putBack(byte[] copy) throws IOException {
        Files.write(folder.resolve("ledger.sqlite"), copy);
        Files.deleteIfExists(folder.resolve("ledger.sqlite-wal"));
        Files.deleteIfExists(folder.resolve("ledger.sqlite-shm"));
    }

    @Test
    void aLeadThatWasUnknownAndWasNotSentAgainIsLookedUpAtOnce() throws Exception {
        plan(2);
        sends(1, null, null);
        sends(2, State.LOST, "answered 503");
        restart();
        UnknownLeads unknown = new UnknownLeads(ledger, new Events(Clock.systemUTC()), Leads.SETTLE_TIME);
        for (UnknownLead lead : unknown.due("acme", NOW.plusSeconds(60), 10)) {
            assertThat(unknown.sendAgain(lead)).isTrue();
        }
        sends(2, State.ACCEPTED, "lead-2");

        assertThat(restart()).isZero();
        assertThat(now(1).state()).isEqualTo(RowState.UNKNOWN);
        assertThat(unknown(1)).isEqualTo(NOW.toEpochMilli());
        assertThat(now(2)).extracting(Outcome::state, Outcome::leadId).containsExactly(RowState.ACCEPTED, "lead-2");
    }

    private long unknown(long row) {
        return Long.parseLong(column(ledger, "SELECT look_up_at FROM lead WHERE row_no = " + row)
                .get(0));
    }

    @Test
    void whatIsPutBackIsReservedAndReleasedAgain() throws Exception {
        ledger.execute(tx -> {
            tx.waves().put("acme", new WaveTable.Wave(AT.minusSeconds(1), 5));
            tx.sources().hold(source.id(), 5);
        });
        plan(5);
        sends(1, State.ACCEPTED, "lead-1");
        assertThat(column(ledger, "SELECT reserved FROM source")).containsExactly("0");

        restart();
        assertThat(column(ledger, "SELECT reserved FROM source")).containsExactly("4");
        assertThat(column(ledger, "SELECT leads FROM wave")).containsExactly("1");
    }
}
