package dev.pearlroutes.updates;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows about leads while files with the same people are planned and sent. */
class UpdatePlannerTest {
    private static final String NUMBER = "+12125551001";
    private static final String NEW_NUMBER = "+12125559999";
    private static final Duration WINDOW = Duration.ofDays(30);

    @TempDir
    private Path folder;

    private Ledger ledger;
    private Leads leads;
    private UpdatePlanner planner;
    private Source file;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        file = source(Source.Operation.ADD, "l.csv");
        identity(new LeadIdentity(LeadIdentity.Key.EXTERNAL_ID_OR_PHONE, WINDOW));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void identity(LeadIdentity identity) {
        leads = LedgerFixture.leads(ledger, Map.of("acme", identity));
        planner = new UpdatePlanner(
                ledger,
                new UpdateRecorder(ledger, new Events(Clock.systemUTC()), Leads.listeners(ledger)),
                Map.of(),
                Map.of("acme", identity),
                leads.promised());
    }

    private Source source(Source.Operation operation, String name) {
        return new Sources(ledger).claim("acme", operation, name, name, AT);
    }

    private void sending(Source of, LeadIntent lead, Instant at) {
        assertThat(leads.plan(of, List.of(lead), at)).hasSize(1);
    }

    private void accepted(LeadIntent lead, Instant at) {
        sending(file, lead, at);
        leads.record(file, List.of(outcome(lead, RowState.ACCEPTED)), List.of(), at);
    }

    /** The reason of a row that is refused; null when it is asked for. */
    private String reason(Source source, LeadChange row) {
        return planner.plan(source, List.of(row), AT).isEmpty()
                ? now(source, row.row()).reason()
                : null;
    }

    private Outcome now(Source source, long row) {
        return leads.outcomes(source, row, row).get(row);
    }

    private static LeadChange ofNumber(long row) {
        return new LeadChange(row, row + 1, null, null, NUMBER, null, null, null, null);
    }

    private static LeadChange ofId(long row, String externalId) {
        return new LeadChange(row, row + 1, null, externalId, null, null, null, 130, null);
    }

    private static LeadChange toNumber(long row, String externalId) {
        return new LeadChange(row, row + 1, null, externalId, null, NEW_NUMBER, null, null, null);
    }

    @Test
    void aNumberNamesItsAcceptedLeadAndNoneThatIsStillSent() {
        identity(LeadIdentity.DEFAULT);
        Source lookUps = source(Source.Operation.LOOKUP, "q.csv");
        assertThat(reason(lookUps, ofNumber(1))).startsWith("the ledger knows no lead with this number");

        sending(file, row(1, "crm-1", NUMBER), AT);
        assertThat(reason(lookUps, ofNumber(2))).contains("has no outcome yet");
        assertThat(now(lookUps, 2).state()).isEqualTo(RowState.MISSING);

        leads.record(file, List.of(outcome(row(1, "crm-1", NUMBER), RowState.ACCEPTED)), List.of(), AT);
        assertThat(planner.plan(lookUps, List.of(ofNumber(3)), AT))
                .extracting(LeadChange::leadId)
                .containsExactly("lead-crm-1");

        sending(file, row(2, "crm-2", NUMBER), AT);
        assertThat(reason(lookUps, ofNumber(4))).startsWith("several leads have this number");
    }

    @Test
    void anUpdateOfALeadThatIsSentOnceMoreDoesNotChangeItsForerunner() {
        accepted(row(1, "crm-1", NUMBER), AT.minus(WINDOW).minusSeconds(1));
        Source update = source(Source.Operation.UPDATE, "u.csv");
        Source again = source(Source.Operation.ADD, "again.csv");
        sending(again, row(1, "crm-1", NUMBER), AT);

        assertThat(reason(update, ofId(1, "crm-1"))).contains("has no outcome yet");
        assertThat(now(update, 1).state()).isEqualTo(RowState.REJECTED);

        leads.record(
                again,
                List.of(new Outcome(1, 2, RowState.ACCEPTED, "crm-1", "the-newest", null, NUMBER)),
                List.of(),
                AT);
        assertThat(planner.plan(update, List.of(ofId(2, "crm-1")), AT))
                .extracting(LeadChange::leadId)
                .containsExactly("the-newest");
    }

    @Test
    void aLeadThatIsSentForTheFirstTimeIsAskedForAtTheApi() {
        sending(file, row(1, "crm-1", NUMBER), AT);
        assertThat(planner.plan(source(Source.Operation.UPDATE, "u.csv"), List.of(ofId(1, "crm-1")), AT))
                .extracting(LeadChange::leadId)
                .containsExactly((String) null);
    }

    @ParameterizedTest
    @EnumSource(LeadIdentity.Key.class)
    void aRowWhoseKeyAnUpdateUnderWayGivesToALeadIsPlannedAfterIt(LeadIdentity.Key key) {
        identity(new LeadIdentity(key, null));
        accepted(row(1, "crm-1", NUMBER), AT);
        Source update = source(Source.Operation.UPDATE, "u.csv");
        LeadChange change = new LeadChange(1, 2, null, "crm-1", null, NEW_NUMBER, "crm-new", null, null);
        assertThat(planner.plan(update, List.of(change), AT)).hasSize(1);

        boolean byId = key != LeadIdentity.Key.PHONE;
        boolean byNumber = key != LeadIdentity.Key.EXTERNAL_ID;
        LeadIntent sameId = row(2, "crm-new", "+12125558888");
        LeadIntent sameNumber = row(3, "crm-3", NEW_NUMBER);
        assertThat(leads.planner()
                        .plan(file, List.of(row(4, "crm-4"), sameId), AT)
                        .isEmpty())
                .isEqualTo(byId);
        assertThat(leads.planner()
                        .plan(file, List.of(sameNumber, row(5, "crm-5")), AT)
                        .isEmpty())
                .isEqualTo(byNumber);
        assertThat(leads.plan(file, List.of(row(6, "crm-6")), AT))
                .as("others need not wait")
                .hasSize(1);
        assertThat(leads.plan(
                        new Sources(ledger).claim("other", Source.Operation.ADD, "o.csv", "o.csv", AT),
                        List.of(row(1, "crm-new", NEW_NUMBER)),
                        AT))
                .as("nor another outbound")
                .hasSize(1);

        planner.release(update);
        assertThat(leads.planner().plan(file, List.of(row(7, "crm-new", NEW_NUMBER)), AT))
                .isPresent();
    }

    @Test
    void aRowThatIsRejectedWaitsForNobody() {
        accepted(row(1, "crm-1", NUMBER), AT);
        planner.plan(source(Source.Operation.UPDATE, "u.csv"), List.of(toNumber(1, "crm-1")), AT);
        assertThat(leads.planner().plan(file, List.of(LeadIntent.rejected(2, 3, null, "no number")), AT))
                .isPresent();
    }

    @Test
    void twoUpdatesUnderWayDoNotGiveOneKeyToTwoLeads() {
        accepted(row(1, "crm-1", NUMBER), AT);
        accepted(row(2, "crm-2"), AT);
        Source first = source(Source.Operation.UPDATE, "u1.csv");
        Source second = source(Source.Operation.UPDATE, "u2.csv");
        assertThat(planner.plan(first, List.of(toNumber(1, "crm-1")), AT)).hasSize(1);

        assertThat(reason(second, toNumber(1, "crm-2"))).isEqualTo("phoneNumber is already that of another lead");

        planner.release(first);
        assertThat(reason(second, toNumber(2, "crm-2")))
                .as("the first one gave it to nobody")
                .isNull();
    }
}
