package dev.pearlroutes.sending;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.column;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerChanges;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.FormerId;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger of a version that took ids as they were written: its leads hold their keys, and nobody else's. */
class FormerIdsTest {
    @TempDir
    private Path folder;

    private Ledger ledger;
    private Source before;
    private Source now;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        before = new Sources(ledger).claim("acme", Source.Operation.ADD, "before.csv", "before.csv", AT);
        now = new Sources(ledger).claim("acme", Source.Operation.ADD, "now.csv", "now.csv", AT);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void formerly(String externalId, String phone, RowState state) {
        Leads leads = LedgerFixture.leads(ledger);
        LeadIntent lead = row(1, externalId, phone);
        assertThat(leads.plan(before, List.of(lead), AT)).hasSize(1);
        leads.record(before, List.of(outcome(lead, state)), List.of(), AT);
    }

    private static LeadIntent today(String externalId, String phone, FormerId former) {
        LeadIntent lead = row(1, externalId, phone);
        return new LeadIntent(lead.row(), lead.line(), externalId, phone, lead.body(), null, former);
    }

    /** @return why the row is a duplicate; null when it is sent */
    private String plan(LeadIntent lead, LeadIdentity.Key key) {
        Leads leads = LedgerFixture.leads(ledger, Map.of("acme", new LeadIdentity(key, null)));
        boolean sent = !leads.plan(now, List.of(lead), AT).isEmpty();
        String reason = leads.outcomes(now, 1, 1).get(1L).reason();
        assertThat(sent).isEqualTo(reason == null);
        return reason;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INV-1\u200B",
                "\uFEFFINV-1",
                "IN\u00ADV-1",
                "\u200E INV-1",
                "\u202AINV\u2060-1\u202C",
                "INV\u200D-1"
            })
    void aMarkedIdHoldsTheKeyOfTheCleanOneHoweverThatIsWritten(String former) {
        formerly(former, "+12125550101", RowState.ACCEPTED);

        assertThat(plan(today("INV-1", "+12125550101", null), LeadIdentity.Key.EXTERNAL_ID))
                .isEqualTo("same lead as before.csv line 2");
    }

    @Test
    void aMarkThatTheIndexDoesNotKnowHoldsTheKeyOfTheSameSpelling() {
        formerly("INV-1\uDB40\uDC01", "+12125550101", RowState.UNKNOWN);

        assertThat(plan(
                        today("INV-1", "+12125550101", new FormerId("INV-1\uDB40\uDC01", false)),
                        LeadIdentity.Key.EXTERNAL_ID))
                .isEqualTo(
                        "same lead as before.csv line 2, whose answer never came: it is looked up by itself, or settled by"
                                + " pearl-routes unknown release or drop");
    }

    @Test
    void anotherNumberUnderTheIdIsAChangedLead() {
        formerly("INV-1\u200B", "+12125550101", RowState.ACCEPTED);

        assertThat(plan(today("INV-1", "+12125550102", null), LeadIdentity.Key.EXTERNAL_ID_OR_PHONE))
                .isEqualTo("changed: same externalId as before.csv line 2, but the number or the data differ");
    }

    @Test
    void anotherIdBeyondAsciiIsAnotherLead() {
        formerly("INV-Ä\u200B", "+12125550101", RowState.ACCEPTED);

        assertThat(plan(today("INV-1", "+12125550101", null), LeadIdentity.Key.EXTERNAL_ID))
                .isNull();
    }

    @Test
    void whereTheNumberIsTheKeyTheIdDecidesNothing() {
        formerly("INV-1\u200B", "+12125550101", RowState.ACCEPTED);

        assertThat(plan(today("INV-1", "+12125550102", null), LeadIdentity.Key.PHONE))
                .isNull();
    }

    @Test
    void aReleasedKeyIsFree() {
        formerly("INV-1\u200B", "+12125550101", RowState.REJECTED);

        assertThat(plan(
                        today("INV-1", "+12125550101", new FormerId("INV-1\u200B", false)),
                        LeadIdentity.Key.EXTERNAL_ID))
                .isNull();
    }

    @Test
    void aWordForNothingHoldsItsNumberAndNoOther() {
        formerly("NULL", "+12125550101", RowState.ACCEPTED);
        FormerId word = new FormerId("NULL", true);
        String derived = ledger.keyedHash().derivedExternalId("acme", "+12125550102");

        assertThat(plan(today(derived, "+12125550102", word), LeadIdentity.Key.EXTERNAL_ID))
                .as("never called, so it is called now")
                .isNull();
        LedgerChanges.change(ledger, "DELETE FROM lead WHERE source_id = " + now.id());
        assertThat(plan(
                        today(ledger.keyedHash().derivedExternalId("acme", "+12125550101"), "+12125550101", word),
                        LeadIdentity.Key.EXTERNAL_ID))
                .isEqualTo("same lead as before.csv line 2");
    }

    @Test
    void anIdThatWasNotReadIsHeldByTheDerivedOne() {
        String derived = ledger.keyedHash().derivedExternalId("acme", "+12125550101");
        formerly(derived, "+12125550101", RowState.ACCEPTED);

        assertThat(plan(today("ZM-1", "+12125550101", new FormerId(derived, true)), LeadIdentity.Key.EXTERNAL_ID))
                .isEqualTo("same lead as before.csv line 2");
    }

    @Test
    void aLeadThatIsSentNowHasTheCleanId() {
        plan(today("INV-1", "+12125550101", new FormerId("INV-1\u200B", false)), LeadIdentity.Key.EXTERNAL_ID);

        assertThat(column(ledger, "SELECT external_id FROM lead")).containsExactly("INV-1");
    }
}
