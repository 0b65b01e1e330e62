package dev.pearlroutes.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerChanges;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.ledger.Statements;
import dev.pearlroutes.ledger.tables.CallTable;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.SeenCall;
import dev.pearlroutes.model.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final CallTable.Said READ = new CallTable.Said("{}", null, false);
    private static final Instant NEXT_YEAR = LedgerFixture.AT.plus(YEAR).plusSeconds(1);

    @TempDir
    private Path folder;

    private Ledger ledger;
    private Sources sources;
    private Leads leads;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        sources = new Sources(ledger);
        leads = LedgerFixture.leads(ledger);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void purge(Duration retention, Instant now) {
        new Retention(ledger, retention, Clock.fixed(now, ZoneOffset.UTC)).purge();
    }

    private Source send(String name, int rows, RowState state) {
        Source source = sources.claim("acme", Source.Operation.ADD, name, name, LedgerFixture.AT);
        source = sources.scanned(source.id(), rows, "00");
        List<LeadIntent> batch = LongStream.rangeClosed(1, rows)
                .mapToObj(row -> LedgerFixture.row(row, name + "-" + row))
                .toList();
        leads.plan(source, batch, LedgerFixture.AT);
        leads.record(
                source,
                batch.stream().map(row -> LedgerFixture.outcome(row, state)).toList(),
                List.of(),
                LedgerFixture.AT);
        return source;
    }

    private Source finish(String name, int rows, RowState state) {
        Source source = send(name, rows, state);
        sources.finishing(source.id(), LedgerFixture.AT, null);
        sources.finished(source.id(), Event.of("acme", "leads", "{}"));
        return source;
    }

    private List<String> names() {
        return LedgerFixture.column(ledger, "SELECT name FROM source ORDER BY id");
    }

    @Test
    void aFileWithALeadThatCouldNotBeStoppedStays() {
        finish("old.csv", 1, RowState.ACCEPTED);
        finish("other.csv", 1, RowState.ACCEPTED);
        ledger.execute(tx -> tx.failedStops()
                .add("acme", "lead-old.csv-1", Source.Operation.RECALL, "400", LedgerFixture.AT, LedgerFixture.AT));
        purge(YEAR, NEXT_YEAR);
        assertThat(names()).containsExactly("old.csv");

        ledger.execute(tx -> tx.failedStops().remove("acme", "lead-old.csv-1"));
        purge(YEAR, NEXT_YEAR);
        assertThat(names()).isEmpty();
    }

    @Test
    void whatIsOlderIsForgottenWithItsRowsAndItsKeysAreFree() {
        finish("old", 1_200, RowState.ACCEPTED);
        assertThat(LedgerFixture.column(ledger, "SELECT count(*) FROM event")).containsExactly("1201");

        purge(YEAR, LedgerFixture.AT.plus(YEAR));
        assertThat(names()).containsExactly("old");
        purge(YEAR, NEXT_YEAR);

        assertThat(names()).isEmpty();
        assertThat(LedgerFixture.column(ledger, "SELECT count(*) FROM lead")).containsExactly("0");
        // Events are the sinks', not the retention's.
        assertThat(LedgerFixture.column(ledger, "SELECT count(*) FROM event")).containsExactly("1201");
        assertThat(ledger.<Instant>transaction(tx -> tx.meta().begins())).isEqualTo(NEXT_YEAR.minus(YEAR));
        Source again = finish("old", 1, RowState.ACCEPTED);
        assertThat(sources.counts(again.id())).containsEntry(RowState.ACCEPTED, 1L);
        // A number that files and calls may still name is not given again.
        assertThat(again.id()).isEqualTo(2);
    }

    @Test
    void whatIsUnfinishedUnknownOrNotToldStays() {
        send("unfinished", 2, RowState.ACCEPTED);
        finish("unknown", 2, RowState.UNKNOWN);
        Source settled = finish("settled", 1, RowState.UNKNOWN);
        leads.settle(
                settled,
                LedgerFixture.outcome(LedgerFixture.row(1, "settled-1"), RowState.ACCEPTED),
                true,
                LedgerFixture.AT);
        Source late = finish("late", 1, RowState.ACCEPTED);
        LedgerChanges.change(
                ledger, "UPDATE lead SET at = " + NEXT_YEAR.toEpochMilli() + " WHERE source_id = " + late.id());

        Source called = finish("called", 1, RowState.ACCEPTED);
        LedgerChanges.change(ledger, "UPDATE source SET outcomes_at = 1 WHERE id = " + called.id());

        purge(YEAR, NEXT_YEAR);

        assertThat(names()).containsExactly("unfinished", "unknown", "settled", "late", "called");
        purge(null, NEXT_YEAR.plus(YEAR));
        assertThat(names()).hasSize(5);
    }

    @Test
    void aFinishedRequestIsForgottenWithItsKeyAndAnUnfinishedOneStaysWithItsBody() {
        Source finished = request("finished");
        sources.answered(finished, LedgerFixture.AT).orElseThrow();
        request("unfinished");
        assertThat(bodies()).containsExactly("unfinished");

        purge(YEAR, NEXT_YEAR);

        assertThat(names()).containsExactly("unfinished");
        assertThat(bodies()).containsExactly("unfinished");
        assertThat(LedgerFixture.column(ledger, "SELECT DISTINCT source_id FROM lead"))
                .doesNotContain("" + finished.id());
        assertThat(request("finished").id()).as("its key is free").isGreaterThan(finished.id());
    }

    /** A request with one row, which is sent unless it is to stay unfinished. */
    private Source request(String name) {
        Source request = sources.receiveRequest(
                        new Source(
                                0,
                                "acme",
                                Source.Operation.ADD,
                                name,
                                "key-" + name,
                                Source.REQUESTS,
                                Source.State.SENDING,
                                "00",
                                1L,
                                LedgerFixture.AT,
                                null,
                                null,
                                null,
                                null,
                                false),
                        name.getBytes(StandardCharsets.UTF_8))
                .source();
        if (name.equals("finished")) {
            LeadIntent row = LedgerFixture.row(1, name);
            leads.plan(request, List.of(row), LedgerFixture.AT);
            leads.record(request, List.of(LedgerFixture.outcome(row, RowState.ACCEPTED)), List.of(), LedgerFixture.AT);
        }
        return request;
    }

    private List<String> bodies() {
        return LedgerFixture.column(ledger, "SELECT hex(body) FROM request").stream()
                .map(body -> new String(HexFormat.of().parseHex(body), StandardCharsets.UTF_8))
                .toList();
    }

    /** A crash between two chunks. */
    @Test
    void whatWasBegunIsForgottenToItsEnd() {
        Source source = finish("old", 3, RowState.ACCEPTED);
        LedgerChanges.change(ledger, "UPDATE source SET state = 'purged' WHERE id = " + source.id());
        assertThat(sources.unfinished()).isEmpty();

        purge(YEAR, LedgerFixture.AT);

        assertThat(names()).isEmpty();
    }

    @Test
    void finalCallsOfThatTimeAreForgottenAndOpenOnesStay() {
        ledger.execute(tx -> {
            tx.calls().store("acme", seen("over", LedgerFixture.AT, true), READ, 1, null, null);
            tx.calls().store("acme", seen("open", LedgerFixture.AT, false), READ, 1, null, LedgerFixture.AT);
            tx.calls().store("acme", seen("new", NEXT_YEAR, true), READ, 1, null, null);
        });

        purge(YEAR, NEXT_YEAR);

        assertThat(LedgerFixture.column(ledger, "SELECT call_id FROM call ORDER BY call_id"))
                .containsExactly("new", "open");
    }

    @Test
    void noTransactionForgetsMuchAtOnce() throws ReflectiveOperationException {
        Source source = finish("old", 1_200, RowState.ACCEPTED);
        LedgerChanges.change(
                ledger,
                "INSERT INTO call_outcome (source_id, row_no, call_id, final, attempts)"
                        + " SELECT source_id, row_no, 'call-' || row_no, 1, 1 FROM lead");
        LedgerChanges.change(
                ledger,
                "INSERT INTO call (outbound, call_id, revision, final, fingerprint, source_id, row_no)"
                        + " SELECT outbound, 'call-' || row_no, 1, 1, phone, source_id, row_no FROM lead");
        Statements statements = Statements.of(ledger);

        purge(YEAR, NEXT_YEAR);

        assertThat(sources.find(source.id())).isEmpty();
        assertThat(LedgerFixture.column(ledger, "SELECT count(*) FROM call_outcome"))
                .containsExactly("0");
        assertThat(LedgerFixture.column(ledger, "SELECT DISTINCT source_id FROM call"))
                .containsExactly((String) null);
        assertThat(statements.mostRows().values()).allMatch(rows -> rows <= 500);
    }

    private static SeenCall seen(String callId, Instant startedAt, boolean isFinal) {
        return new SeenCall(callId, null, startedAt, null, null, isFinal, new byte[] {1}, "{}");
    }
}
