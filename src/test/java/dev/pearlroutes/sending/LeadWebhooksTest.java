package dev.pearlroutes.sending;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.column;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerChanges;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.UnreadableWebhookException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a webhook of a lead has the program ask the API for, and what it does not change by itself. */
class LeadWebhooksTest {
    private static final Duration SETTLE_TIME = Duration.ofSeconds(60);
    private static final Instant NOW = AT.plus(Duration.ofHours(1));
    private static final String LOOK_UP_AT = "SELECT look_up_at FROM lead WHERE external_id = 'crm-1'";

    @TempDir
    private Path folder;

    private Ledger ledger;
    private UnknownLeads unknownLeads;
    private LeadWebhooks webhooks;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        Source source = new Sources(ledger).claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        Leads leads = LedgerFixture.leads(ledger);
        leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-2")), AT);
        leads.record(
                source,
                List.of(outcome(row(1, "crm-1"), RowState.UNKNOWN), outcome(row(2, "crm-2"), RowState.ACCEPTED)),
                List.of(),
                AT);
        unknownLeads = new UnknownLeads(ledger, new Events(Clock.systemUTC()), SETTLE_TIME);
        webhooks = at(NOW);
        LedgerChanges.change(ledger, "UPDATE lead SET look_up_at = look_up_at + 36000000 WHERE state = 'unknown'");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private LeadWebhooks at(Instant now) {
        return new LeadWebhooks(ledger, unknownLeads, SETTLE_TIME, Clock.fixed(now, ZoneOffset.UTC));
    }

    private void take(String id, String externalId, String status) {
        webhooks.take(
                "acme",
                "{\"id\":\"%s\",\"pearlId\":\"p\",\"phoneNumber\":\"+12125551001\",\"externalId\":\"%s\",\"status\":%s}"
                        .formatted(id, externalId, status)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private List<String> lookUpAt() {
        return column(ledger, LOOK_UP_AT);
    }

    @Test
    void anUnknownLeadIsLookedUpAtOnce() {
        take("lead-9", "crm-1", "1");

        assertThat(lookUpAt()).containsExactly("" + NOW.toEpochMilli());
        assertThat(unknownLeads.told("acme", "crm-1")).isEqualTo("lead-9");
        assertThat(column(ledger, "SELECT state FROM lead WHERE external_id = 'crm-1'"))
                .as("it proves nothing by itself")
                .containsExactly("unknown");
    }

    @Test
    void itIsNotLookedUpBeforeItsSettleTimeIsOver() {
        webhooks = at(AT.plusSeconds(1));
        take("lead-9", "crm-1", "1");

        assertThat(lookUpAt()).containsExactly("" + AT.plus(SETTLE_TIME).toEpochMilli());
    }

    @Test
    void oneThatIsHeldIsLookedUpToo() {
        LedgerChanges.change(ledger, "UPDATE lead SET look_up_at = NULL WHERE state = 'unknown'");
        take("lead-9", "crm-1", "1");

        assertThat(lookUpAt()).containsExactly("" + NOW.toEpochMilli());
    }

    @Test
    void oneThatIsDueStaysDue() {
        LedgerChanges.change(ledger, "UPDATE lead SET look_up_at = 5 WHERE state = 'unknown'");
        take("lead-9", "crm-1", "1");

        assertThat(lookUpAt()).containsExactly("5");
    }

    @Test
    void oneThatAPersonHasReleasedKeepsItsTime() {
        LedgerChanges.change(ledger, "UPDATE lead SET released = 1 WHERE state = 'unknown'");
        List<String> before = lookUpAt();
        take("lead-9", "crm-1", "1");

        assertThat(lookUpAt()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lead-crm-2 crm-1", "lead-9 crm-10", "lead-9 CRM-1", "lead-9 "})
    void theWebhookOfAnotherLeadChangesNothing(String lead) {
        List<String> before = lookUpAt();
        take(lead.substring(0, lead.indexOf(' ')), lead.substring(lead.indexOf(' ') + 1), "1");

        assertThat(lookUpAt()).isEqualTo(before);
        assertThat(unknownLeads.told("acme", "crm-1")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"130", "\"130\"", "\"Completed\""})
    void aLeadWithAnotherStatusIsAskedNow(String status) {
        waitingCall(10, "told");
        take("lead-crm-2", "crm-2", status);

        assertThat(column(ledger, "SELECT join_at || ' ' || tries FROM call"))
                .containsExactly(NOW.toEpochMilli() + " 1");
        take("lead-crm-2", "crm-2", status);
        assertThat(column(ledger, "SELECT tries FROM call"))
                .as("once is enough")
                .containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "null", "{}"})
    void aLeadWithoutAnotherStatusIsAskedAtItsTime(String status) {
        waitingCall(10, "told");
        take("lead-crm-2", "crm-2", status);

        assertThat(column(ledger, "SELECT tries FROM call")).containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"externalId\":\"crm-1\"}"})
    void whatIsNoLeadIsRefused(String body) {
        assertThatThrownBy(() -> webhooks.take("acme", body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableWebhookException.class)
                .hasMessageNotContaining("crm-1");
    }

    /** A final call whose lead is read again later, since it is not final. */
    private void waitingCall(int status, String told) {
        ledger.execute(tx -> tx.callOutcomes().put(1, 2, new CallOutcome("c", status, false, 1, AT, 1L, null, null)));
        LedgerChanges.change(
                ledger,
                "INSERT INTO call (outbound, call_id, revision, final, fingerprint, told, source_id, row_no, seen, join_at, tries)"
                        + " VALUES ('acme', 'c', 1, 1, 'a', '" + told + "', 1, 2, '{}', " + NOW.toEpochMilli()
                        + " + 600000, 2)");
    }
}
