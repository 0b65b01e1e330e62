package dev.pearlroutes.calls;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.column;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerChanges;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.SeenCall;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.upkeep.Erasure;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SilentLeadsTest {
    private static final Events EVENTS = new Events(Clock.systemUTC());
    private static final Duration AFTER = Duration.ofHours(72);

    @TempDir
    private Path folder;

    private Ledger ledger;
    private CallRecorder calls;
    private Source source;
    private SilentLeads silentLeads;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        calls = new CallRecorder(ledger, new CallEvents(List.of(), EVENTS));
        source = new Sources(ledger).claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        silentLeads = new SilentLeads(
                ledger, Map.of("acme", AFTER), EVENTS, Clock.fixed(AT.plus(Duration.ofDays(9)), ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** The rows from one number to another, accepted together. */
    private void accept(long from, long to, Instant at) {
        List<LeadIntent> rows = LongStream.rangeClosed(from, to)
                .mapToObj(row -> row(row, "crm-" + row))
                .toList();
        Leads leads = LedgerFixture.leads(ledger);
        leads.plan(source, rows, at);
        leads.record(
                source,
                rows.stream().map(row -> outcome(row, RowState.ACCEPTED)).toList(),
                List.of(),
                at);
        change("DELETE FROM event");
    }

    private void readCalls(Instant until) {
        calls.moveCursor("acme", until);
    }

    private void change(String sql) {
        LedgerChanges.change(ledger, sql);
    }

    private void call(long row) {
        ledger.execute(tx -> new OutcomeRecorder(tx, AT)
                .record(
                        new LeadRef(source.id(), row, source.origin(row + 1), AT, "crm-" + row, "lead"),
                        new CallOutcome("call-" + row, 100, true, 1, AT, 1L, null, null)));
    }

    /** The externalIds and reasons of the events. */
    private List<String> published() {
        return column(
                ledger,
                "SELECT (json ->> '$.data.externalId') || ' ' || (json ->> '$.data.reason') FROM event"
                        + " ORDER BY seq");
    }

    @Test
    void eachLeadWithoutACallIsToldOfOnce() {
        accept(1, 3, AT);
        call(2);
        readCalls(AT.plus(AFTER));

        silentLeads.publish();
        silentLeads.publish();

        assertThat(published())
                .containsExactly(
                        "crm-1 no call is known since it was accepted at " + AT,
                        "crm-3 no call is known since it was accepted at " + AT);
        assertThat(column(ledger, "SELECT row_no FROM lead WHERE silent_at IS NOT NULL ORDER BY 1"))
                .containsExactly("1", "3");
        assertThat(column(ledger, "SELECT CASE WHEN outcomes_at > 0 THEN 1 END FROM source"))
                .containsExactly("1");
    }

    @Test
    void noLeadIsSilentBeforeTheCallsWereReadForSoLong() {
        accept(1, 1, AT);
        accept(2, 2, AT.plusMillis(1));
        silentLeads.publish();
        assertThat(published()).as("no calls were ever read").isEmpty();

        readCalls(AT.plus(AFTER).minusMillis(1));
        silentLeads.publish();
        assertThat(published()).isEmpty();

        readCalls(AT.plus(AFTER));
        silentLeads.publish();
        assertThat(published()).hasSize(1).allMatch(event -> event.startsWith("crm-1 "));
        readCalls(AT.plus(AFTER).plusMillis(1));
        silentLeads.publish();
        assertThat(published()).hasSize(2);
    }

    @Test
    void manyAcceptedInOneInstantAndMoreThanOneTurnTakesAreEachToldOfOnce() {
        accept(1, 150, AT);
        accept(151, 700, AT.plusMillis(1));
        LongStream.rangeClosed(701, 720).forEach(row -> accept(row, row, AT.plusMillis(row)));
        readCalls(AT.plus(Duration.ofDays(4)));

        silentLeads.publish();

        assertThat(published()).hasSize(720).doesNotHaveDuplicates();
        accept(721, 721, AT.plusSeconds(60));
        silentLeads.publish();
        assertThat(published()).hasSize(1);
    }

    @Test
    void nobodyIsToldOfWhileACallThatWasReadWaitsForItsLead() {
        accept(1, 1, AT);
        byte[] fingerprint = {1};
        calls.record(
                "acme",
                List.of(new SeenCall("c", row(1, "crm-1").phoneNumber(), AT, 100, 1L, true, fingerprint, "{}")),
                Instant.EPOCH,
                AT,
                AT);
        readCalls(AT.plus(AFTER));
        silentLeads.publish();
        assertThat(published()).isEmpty();

        call(1);
        change("UPDATE call SET join_at = NULL, seen = NULL, revision = 1");
        silentLeads.publish();
        assertThat(published()).isEmpty();
    }

    @Test
    void leadsThatALookUpFoundAreWatchedAndErasedOnesAreNot() {
        accept(1, 2, AT);
        change("UPDATE lead SET found_at = at WHERE row_no = 1");
        new Erasure(ledger).erase(List.of(new Erasure.Rows(source, Set.of(2L), null)), AT);
        readCalls(AT.plus(AFTER));

        silentLeads.publish();

        assertThat(published()).hasSize(1).allMatch(event -> event.startsWith("crm-1 "));
    }

    // --- a clock that jumps ---

    private Instant now = AT;
    private long nanos;

    /** A watch whose clock says what the test wants, whatever time has passed. */
    private SilentLeads watch() {
        return new SilentLeads(
                ledger,
                Map.of("acme", AFTER),
                EVENTS,
                new Clock() {
                    @Override
                    public Instant instant() {
                        return now;
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }
                },
                () -> nanos);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    /** The calls are read up to now, then the leads are watched. */
    private void turn(SilentLeads watch) {
        readCalls(now);
        watch.publish();
    }

    @Test
    void aClockThatIsSetAheadMakesNoLeadSilent() {
        SilentLeads watch = watch();
        pass(Duration.ofHours(1));
        accept(1, 1, now);
        turn(watch);
        pass(Duration.ofHours(1));
        now = now.plus(Duration.ofDays(30));
        turn(watch);
        accept(2, 2, now);
        turn(watch);
        assertThat(published()).as("one hour after").isEmpty();

        pass(AFTER.minusHours(1).minusMillis(1));
        // After a restart too.
        watch = watch();
        turn(watch);
        assertThat(published()).isEmpty();

        pass(Duration.ofHours(1));
        turn(watch);
        assertThat(published())
                .as("72 hours after, by the time that has passed")
                .hasSize(1);
        pass(Duration.ofHours(1));
        turn(watch);
        assertThat(published()).hasSize(2);
    }

    @Test
    void aClockThatIsSetAheadForAWhileHoldsUpNothingAfterwards() {
        SilentLeads watch = watch();
        accept(1, 1, now);
        now = now.plus(Duration.ofDays(30));
        turn(watch);
        pass(Duration.ofHours(1));
        now = now.minus(Duration.ofDays(30));
        watch.publish();
        assertThat(published())
                .as("the calls were read by a clock that was ahead")
                .isEmpty();
        turn(watch);
        assertThat(published()).isEmpty();

        pass(AFTER);
        turn(watch);
        assertThat(published()).hasSize(1);
        assertThat(column(ledger, "SELECT count(*) FROM clock_jump")).containsExactly("0");
    }

    @Test
    void leadsAcceptedAfterTheClockWasSetBackAreWatchedAndNoneIsToldOfTwice() {
        SilentLeads watch = watch();
        accept(1, 1, now);
        pass(AFTER);
        turn(watch);
        assertThat(published()).hasSize(1);
        now = now.minus(Duration.ofDays(30));
        turn(watch);
        accept(2, 2, now);
        pass(AFTER);
        turn(watch);
        assertThat(published()).as("its time is one that was gone through").hasSize(1);
        pass(Duration.ofDays(60));
        turn(watch);
        assertThat(published()).hasSize(1).allMatch(event -> event.startsWith("crm-2 "));
    }

    @Test
    void aMachineThatSleepsEachNightTellsOfSilentLeadsAllTheSame() {
        SilentLeads watch = watch();
        accept(1, 1, now);
        for (int day = 1; day <= 4; day++) {
            pass(Duration.ofHours(16));
            turn(watch);
            assertThat(published()).isEmpty();
            now = now.plus(Duration.ofHours(8));
            turn(watch);
        }
        pass(Duration.ofHours(8));
        turn(watch);
        assertThat(published()).hasSize(1);
    }

    @Test
    void aStoppedLeadIsNotSilentAndOneThatTheApiRefusesToStopIs() {
        accept(1, 3, AT);
        change("UPDATE lead SET stopped_at = 5 WHERE row_no < 3");
        change("UPDATE lead SET stop_refused = 1 WHERE row_no = 2");
        readCalls(AT.plus(AFTER));

        silentLeads.publish();

        assertThat(published()).hasSize(2).noneMatch(event -> event.startsWith("crm-1 "));
    }
}
