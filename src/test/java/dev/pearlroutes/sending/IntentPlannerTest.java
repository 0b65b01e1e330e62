package dev.pearlroutes.sending;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.column;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.intake.InterruptedLeads;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.ledger.tables.SourceTable;
import dev.pearlroutes.model.CallableLead;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.recall.StoppedLeads;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IntentPlannerTest {
    @TempDir
    private Path folder;

    private Ledger ledger;
    private Leads leads;
    private Source source;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        leads = LedgerFixture.leads(ledger);
        source = source("acme", "l.csv");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private Source source(String outbound, String name) {
        return new Sources(ledger).claim(outbound, Source.Operation.ADD, name, name, AT);
    }

    private void record(Source of, LeadIntent intent, RowState state) {
        leads.record(of, List.of(outcome(intent, state)), List.of(), AT);
    }

    private Outcome now(Source of, long row) {
        return leads.outcomes(of, row, row).get(row);
    }

    /** File, row and outcome of each event. */
    private List<String> events() {
        return column(ledger, "SELECT json FROM event ORDER BY seq").stream()
                .map(IntentPlannerTest::inShort)
                .toList();
    }

    private static String inShort(String event) {
        try {
            JsonNode json = new ObjectMapper().readTree(event);
            JsonNode origin = json.path("data").path("source");
            long row = origin.path("line").asLong() - 1;
            String outcome = json.path("type").asText().replace("ai.nlpearl.lead.", "");
            return origin.path("file").asText() + " " + row + " " + outcome;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private UnknownLeads unknownLeads() {
        return new UnknownLeads(ledger, new Events(Clock.systemUTC()), Leads.SETTLE_TIME);
    }

    private InterruptedLeads interrupted() {
        return new InterruptedLeads(ledger, new Events(Clock.systemUTC()), Leads.SETTLE_TIME, Leads.journal(ledger));
    }

    @Test
    void anIntentIsDurableBeforeItIsSentAndLosesItsBodyWhenItIsSettled() {
        LeadIntent lead = row(1, "crm-1");
        assertThat(leads.plan(source, List.of(lead), AT)).containsExactly(lead);
        assertThat(now(source, 1).state()).isEqualTo(RowState.SENDING);
        assertThat(column(ledger, "SELECT body FROM lead")).containsExactly(lead.body());
        assertThat(events()).isEmpty();

        record(source, lead, RowState.ACCEPTED);
        assertThat(now(source, 1)).isEqualTo(new Outcome(1, 2, RowState.ACCEPTED, "crm-1", "lead-crm-1", null, null));
        assertThat(column(ledger, "SELECT body FROM lead")).containsExactly((String) null);
        assertThat(column(ledger, "SELECT hex(phone) FROM lead").get(0)).hasSize(32);
        assertThat(events()).containsExactly("l.csv 1 accepted");
    }

    @Test
    void anUnknownKeepsItsBodyAsItMayHaveToBeSentAgain() {
        LeadIntent lead = row(1, "crm-1");
        leads.plan(source, List.of(lead), AT);
        record(source, lead, RowState.UNKNOWN);
        assertThat(column(ledger, "SELECT body FROM lead")).containsExactly(lead.body());
    }

    @Test
    void rejectedRowsFallOutWithAnEvent() {
        LeadIntent bad = LeadIntent.rejected(1, 2, null, "phoneNumber is missing");
        assertThat(leads.plan(source, List.of(bad, row(2, "crm-2")), AT)).containsExactly(row(2, "crm-2"));
        assertThat(now(source, 1).reason()).isEqualTo("phoneNumber is missing");
        assertThat(events()).containsExactly("l.csv 1 rejected");
    }

    @Test
    void aKeyIsSentOnceWithinABatchAcrossBatchesAndAcrossSources() {
        assertThat(leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-1", "+12125551001")), AT))
                .hasSize(1);
        assertThat(now(source, 2).reason()).isEqualTo("same lead as line 2");

        assertThat(leads.plan(source, List.of(row(3, "crm-1", "+12125551001")), AT))
                .isEmpty();
        assertThat(now(source, 3).reason()).isEqualTo("same lead as line 2");

        Source other = source("acme", "m.csv");
        assertThat(leads.plan(other, List.of(row(1, "crm-1", "+12125551001"), row(2, "crm-1", "+12125559999")), AT))
                .isEmpty();
        assertThat(now(other, 1).reason()).isEqualTo("same lead as l.csv line 2");
        assertThat(now(other, 2).reason()).startsWith("changed: same externalId as l.csv line 2");
        assertThat(events())
                .containsExactly("l.csv 2 duplicate", "l.csv 3 duplicate", "m.csv 1 duplicate", "m.csv 2 duplicate");
    }

    @Test
    void theSameKeyInAnotherOutboundIsAnotherLead() {
        leads.plan(source, List.of(row(1, "crm-1")), AT);
        assertThat(leads.plan(source("other", "l.csv"), List.of(row(1, "crm-1")), AT))
                .hasSize(1);
    }

    @Test
    void keysAreComparedExactly() {
        List<LeadIntent> rows = List.of(row(1, "crm-1"), row(2, "CRM-1"), row(3, "crm-10"), row(4, "crm-1 "));
        assertThat(leads.plan(source, rows, AT)).isEqualTo(rows);
    }

    @ParameterizedTest
    @EnumSource(
            value = RowState.class,
            names = {"ACCEPTED", "UNKNOWN"})
    void anOutcomeThatMayRingHoldsItsKey(RowState state) {
        leads.plan(source, List.of(row(1, "crm-1")), AT);
        record(source, row(1, "crm-1"), state);
        assertThat(leads.plan(source("acme", "m.csv"), List.of(row(1, "crm-1")), AT))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = RowState.class,
            names = {"REJECTED", "SUPPRESSED", "CANCELLED"})
    void anOutcomeThatNeverRangReleasesItsKey(RowState state) {
        leads.plan(source, List.of(row(1, "crm-1")), AT);
        record(source, row(1, "crm-1"), state);
        assertThat(leads.plan(source("acme", "m.csv"), List.of(row(1, "crm-1")), AT))
                .hasSize(1);
    }

    @Test
    void whatWasPutBackIsPlannedAgainAndLeavesNoTrace() {
        leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-2")), AT);
        leads.record(source, List.of(outcome(row(1, "crm-1"), RowState.ACCEPTED)), List.of(row(2, "crm-2")), AT);
        assertThat(leads.outcomes(source, 1, 2)).containsOnlyKeys(1L);
        assertThat(leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-2")), AT))
                .containsExactly(row(2, "crm-2"));
        assertThat(events()).containsExactly("l.csv 1 accepted");
    }

    @Test
    void aReplayedSourceCountsItsRowsByTheirFirstOutcome() {
        List<LeadIntent> rows = List.of(
                row(1, "crm-1"), row(2, "crm-1", "+12125551001"), LeadIntent.rejected(3, 4, null, "bad"), row(4, "c"));
        leads.plan(source, rows, AT);
        leads.record(source, List.of(outcome(rows.get(0), RowState.ACCEPTED)), List.of(rows.get(3)), AT);
        List<String> before = events();

        assertThat(leads.plan(source, rows, AT)).containsExactly(rows.get(3));
        record(source, rows.get(3), RowState.ACCEPTED);
        assertThat(leads.plan(source, rows, AT)).isEmpty();
        assertThat(events()).hasSize(before.size() + 1);
        assertThat(new Sources(ledger).counts(source.id()))
                .containsEntry(RowState.ACCEPTED, 2L)
                .containsEntry(RowState.DUPLICATE, 1L)
                .containsEntry(RowState.REJECTED, 1L)
                .containsEntry(RowState.SENDING, 0L);
    }

    @Test
    void whatWasSendingAtTheEndOfAProcessIsUnknownAfterItsNextStart() {
        leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-2")), AT);
        record(source, row(1, "crm-1"), RowState.ACCEPTED);
        ledger.close();

        ledger = LedgerFixture.open(folder);
        leads = LedgerFixture.leads(ledger);
        assertThat(interrupted().recoverAtStart(AT)).isEqualTo(1);
        assertThat(interrupted().recoverAtStart(AT)).isZero();
        assertThat(now(source, 2).state()).isEqualTo(RowState.UNKNOWN);
        assertThat(now(source, 1).state()).isEqualTo(RowState.ACCEPTED);
        assertThat(leads.plan(source("acme", "m.csv"), List.of(row(1, "crm-2")), AT))
                .isEmpty();
    }

    @Test
    void whatARunLeftSendingIsUnknownAndWhatALookUpIsSendingAgainIsLeftToIt() {
        leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-2"), row(3, "crm-3")), AT);
        record(source, row(1, "crm-1"), RowState.UNKNOWN);
        record(source, row(3, "crm-3"), RowState.ACCEPTED);
        Source other = source("acme", "m.csv");
        leads.plan(other, List.of(row(1, "crm-4")), AT);
        UnknownLeads unknownLeads = unknownLeads();
        UnknownLead lead = unknownLeads.due("acme", AT.plusSeconds(60), 10).get(0);
        assertThat(unknownLeads.sendAgain(lead)).isTrue();

        assertThat(interrupted().recover(source.id(), AT)).isEqualTo(1);
        assertThat(now(source, 1).state()).isEqualTo(RowState.SENDING);
        assertThat(now(source, 2).state()).isEqualTo(RowState.UNKNOWN);
        assertThat(now(source, 3).state()).isEqualTo(RowState.ACCEPTED);
        assertThat(now(other, 1).state()).isEqualTo(RowState.SENDING);
        assertThat(events()).endsWith("l.csv 2 unknown");
    }

    @Test
    void aLeadThatIsLostOnceMoreIsUnknownSinceThen() {
        leads.plan(source, List.of(row(1, "crm-1")), AT);
        record(source, row(1, "crm-1"), RowState.UNKNOWN);
        UnknownLeads unknownLeads = unknownLeads();
        UnknownLead lead = unknownLeads.list("acme", null).get(0);
        unknownLeads.keep(lead, AT, "was not sent again", AT.plusSeconds(70));
        assertThat(unknownLeads.list("acme", null).get(0).since()).isEqualTo(AT);

        unknownLeads.sendAgain(lead);
        unknownLeads.keep(lead, AT, "was sent again", AT.plusSeconds(70));

        assertThat(unknownLeads.list("acme", null).get(0).since()).isEqualTo(AT.plusSeconds(70));
    }

    @Test
    void anAcceptanceIsOnRecordWithItsOwnTime() {
        leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-2")), AT);
        Outcome accepted =
                new Outcome(2, 3, RowState.ACCEPTED, "crm-2", "lead-2", null, "+12125551002", AT.plusSeconds(2));
        leads.record(
                source, List.of(outcome(row(1, "crm-1"), RowState.UNKNOWN), accepted), List.of(), AT.plusSeconds(30));
        UnknownLeads unknownLeads = unknownLeads();
        assertThat(unknownLeads.list("acme", null).get(0).since()).isEqualTo(AT.plusSeconds(30));
        assertThat(unknownLeads.control("acme").orElseThrow().acceptedAt()).isEqualTo(AT.plusSeconds(2));
    }

    @Test
    void aChangeInTheMillisecondOfAnotherIsNotCoveredWithIt() {
        Sources sources = new Sources(ledger);
        sources.scanned(source.id(), 2, "00");
        leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-2")), AT);
        record(source, row(1, "crm-1"), RowState.UNKNOWN);
        record(source, row(2, "crm-2"), RowState.UNKNOWN);
        sources.finishing(source.id(), AT, null);
        sources.finished(source.id(), Event.of("acme", "leads", "{}"));
        leads.settle(source, outcome(row(1, "crm-1"), RowState.ACCEPTED), true, AT);
        SourceTable.Outdated first = sources.changed().get(0);
        leads.settle(source, outcome(row(2, "crm-2"), RowState.ACCEPTED), true, AT);

        sources.covered(first, null);

        assertThat(sources.changed()).hasSize(1);
    }

    @Test
    void aSettledRowIsNotSettledAgain() {
        leads.plan(source, List.of(row(1, "crm-1")), AT);
        record(source, row(1, "crm-1"), RowState.ACCEPTED);
        record(source, row(1, "crm-1"), RowState.REJECTED);
        assertThat(now(source, 1).state()).isEqualTo(RowState.ACCEPTED);
    }

    @Test
    void knowsWhetherAnOutboundEverAccepted() {
        leads.plan(source, List.of(row(1, "crm-1")), AT);
        assertThat(leads.everAccepted("acme")).isFalse();
        record(source, row(1, "crm-1"), RowState.ACCEPTED);
        assertThat(leads.everAccepted("acme")).isTrue();
        assertThat(leads.everAccepted("other")).isFalse();
    }

    private Leads identifiedBy(LeadIdentity.Key key, Duration window) {
        return LedgerFixture.leads(ledger, Map.of("acme", new LeadIdentity(key, window)));
    }

    private List<Long> planned(Leads by, Source of, Instant at, LeadIntent... rows) {
        return by.plan(of, List.of(rows), at).stream().map(LeadIntent::row).toList();
    }

    @Test
    void byPhoneANumberIsOneLeadWhateverItsExternalId() {
        Leads byPhone = identifiedBy(LeadIdentity.Key.PHONE, null);
        List<Long> sent = planned(
                byPhone,
                source,
                AT,
                row(1, "crm-1", "+12125551001"),
                row(2, "crm-2", "+12125551001"),
                row(3, "crm-1", "+12125551003"),
                row(4, "crm-1", "+12125551003"));
        assertThat(sent).containsExactly(1L, 3L);
        assertThat(now(source, 2).reason()).isEqualTo("same number as line 2, which has another externalId");
        assertThat(now(source, 4).reason()).isEqualTo("same lead as line 4");

        Source other = source("acme", "m.csv");
        assertThat(planned(byPhone, other, AT, row(1, "crm-9", "+12125551003"), row(2, "crm-1", "+12125551004")))
                .containsExactly(2L);
        assertThat(now(other, 1).reason()).isEqualTo("same number as l.csv line 4, which has another externalId");
        assertThat(column(ledger, "SELECT turn FROM lead WHERE external_id = 'crm-1' AND state = 'sending' ORDER BY 1"))
                .containsExactly("0", "1", "2");
    }

    @Test
    void byEitherOneOfTheTwoIsEnough() {
        Leads byEither = identifiedBy(LeadIdentity.Key.EXTERNAL_ID_OR_PHONE, null);
        List<Long> sent = planned(
                byEither,
                source,
                AT,
                row(1, "crm-1", "+12125551001"),
                row(2, "crm-2", "+12125551001"),
                row(3, "crm-1", "+12125551003"),
                row(4, "crm-4", "+12125551003"));
        assertThat(sent).containsExactly(1L, 4L);
        assertThat(now(source, 2).reason()).startsWith("same number as line 2");
        assertThat(now(source, 3).reason()).startsWith("changed: same externalId as line 2");
    }

    @ParameterizedTest
    @EnumSource(LeadIdentity.Key.class)
    void afterTheWindowALeadIsSentAgainAndIsAnotherOne(LeadIdentity.Key key) {
        Leads windowed = identifiedBy(key, Duration.ofDays(30));
        LeadIntent row = row(1, "crm-1");
        windowed.plan(source, List.of(row), AT);
        record(source, row, RowState.ACCEPTED);

        Source early = source("acme", "early.csv");
        assertThat(planned(windowed, early, AT.plus(Duration.ofDays(30)).minusMillis(1), row))
                .isEmpty();
        assertThat(now(early, 1).reason()).isEqualTo("same lead as l.csv line 2");
        Source late = source("acme", "late.csv");
        Instant later = AT.plus(Duration.ofDays(30));
        assertThat(planned(windowed, late, later, row)).containsExactly(1L);
        windowed.record(late, List.of(outcome(row, RowState.ACCEPTED)), List.of(), later);

        assertThat(planned(windowed, source("acme", "n.csv"), later.plusSeconds(1), row))
                .as("the second holds its key as the first did")
                .isEmpty();
        assertThat(now(source, 1)).isEqualTo(new Outcome(1, 2, RowState.ACCEPTED, "crm-1", "lead-crm-1", null, null));
        assertThat(new StoppedLeads(ledger).callable("acme", 10))
                .as("a number that comes onto a list stops both")
                .extracting(CallableLead::sourceId)
                .containsExactlyInAnyOrder(source.id(), late.id());
        assertThat(new StoppedLeads(ledger).callable(late.id(), 10))
                .as("a recall stops what its file has sent")
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = RowState.class,
            names = {"SENDING", "UNKNOWN"})
    void whatIsOpenHoldsItsKeyHoweverLong(RowState state) {
        Leads windowed = identifiedBy(LeadIdentity.Key.EXTERNAL_ID_OR_PHONE, Duration.ofDays(30));
        windowed.plan(source, List.of(row(1, "crm-1")), AT);
        if (state == RowState.UNKNOWN) {
            record(source, row(1, "crm-1"), state);
        }
        assertThat(planned(windowed, source("acme", "m.csv"), AT.plus(Duration.ofDays(400)), row(1, "crm-1")))
                .isEmpty();
    }

    /** A list that is sent for longer than the window names nobody twice by that. */
    @Test
    void anEarlierRowOfTheSameSourceHoldsItsKeyAfterTheWindow() {
        Leads windowed = identifiedBy(LeadIdentity.Key.PHONE, Duration.ofDays(30));
        windowed.plan(source, List.of(row(1, "crm-1")), AT);
        record(source, row(1, "crm-1"), RowState.ACCEPTED);
        assertThat(planned(windowed, source, AT.plus(Duration.ofDays(60)), row(2, "crm-2", "+12125551001")))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = RowState.class,
            names = {"REJECTED", "SUPPRESSED", "CANCELLED"})
    void anOutcomeThatNeverRangReleasesItsNumber(RowState state) {
        Leads byPhone = identifiedBy(LeadIdentity.Key.PHONE, null);
        byPhone.plan(source, List.of(row(1, "crm-1")), AT);
        record(source, row(1, "crm-1"), state);
        assertThat(planned(byPhone, source("acme", "m.csv"), AT, row(1, "crm-2")))
                .hasSize(1);
    }

    /** Every lead's number is on record, whatever the identity was, and every externalId is. */
    @Test
    void anotherIdentityKnowsWhatWasSentUnderTheFormerOne() {
        leads.plan(source, List.of(row(1, "crm-1", "+12125551001"), row(2, "crm-2", "+12125551001")), AT);
        Leads byPhone = identifiedBy(LeadIdentity.Key.PHONE, null);
        Source other = source("acme", "m.csv");
        assertThat(planned(byPhone, other, AT, row(1, "crm-3", "+12125551001"), row(2, "crm-1", "+12125551002")))
                .containsExactly(2L);
        byPhone.record(other, List.of(outcome(row(2, "crm-1", "+12125551002"), RowState.REJECTED)), List.of(), AT);

        assertThat(planned(leads, source("acme", "n.csv"), AT, row(1, "crm-1", "+12125551004")))
                .isEmpty();
        assertThat(planned(leads, source("acme", "n2.csv"), AT, row(1, "crm-3", "+12125551001")))
                .containsExactly(1L);
    }

    @Test
    void sourcesPlannedAtOnceSendEachNumberOnce() throws Exception {
        Leads byPhone = identifiedBy(LeadIdentity.Key.PHONE, null);
        int numbers = 200;
        CyclicBarrier together = new CyclicBarrier(4);
        List<Callable<List<String>>> works = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String id = "of-" + i + "-";
            Source of = source("acme", id + ".csv");
            works.add(() -> {
                List<String> sent = new ArrayList<>();
                together.await();
                for (int number = 1; number <= numbers; number++) {
                    byPhone.plan(of, List.of(row(number, id + number)), AT)
                            .forEach(intent -> sent.add(intent.phoneNumber()));
                }
                return sent;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<String> sent = new ArrayList<>();
            for (Future<List<String>> each : threads.invokeAll(works)) {
                sent.addAll(each.get());
            }
            assertThat(sent).hasSize(numbers).doesNotHaveDuplicates();
        } finally {
            threads.shutdownNow();
        }
    }
}
