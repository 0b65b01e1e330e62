package dev.pearlroutes.ledger;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.approval.ApprovalStore;
import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.delivery.Outbox;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.intake.InterruptedLeads;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.tables.CallTable;
import dev.pearlroutes.ledger.tables.OutcomeStatistics.Place;
import dev.pearlroutes.ledger.tables.SourceList;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.FormerId;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.Origin;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.SeenCall;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.model.WaitingCall;
import dev.pearlroutes.sending.UnknownLeads;
import dev.pearlroutes.updates.UpdatePlanner;
import dev.pearlroutes.updates.UpdateRecorder;
import dev.pearlroutes.upkeep.LeadStory;
import dev.pearlroutes.upkeep.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked again and again must not read a whole table: a ledger of years has millions of rows. */
class QueryPlanTest {
    /** A table of millions of rows read from one end to the other, unless by an index that holds but a few of them. */
    private static final Pattern WHOLE_TABLE = Pattern.compile(
            "SCAN (lead|l|call|k|event|e|call_outcome|o)\\b(?! USING (COVERING )?INDEX (lead_unknown|lead_sending|call_waiting)).*");

    @TempDir
    private Path folder;

    private Ledger ledger;
    private Statements statements;

    @BeforeEach
    void open() throws ReflectiveOperationException {
        ledger = LedgerFixture.open(folder);
        statements = Statements.of(ledger);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void assertNoWholeTableIsRead() {
        assertThat(statements.plans())
                .isNotEmpty()
                .allSatisfy((sql, plan) -> assertThat(plan)
                        .as(sql)
                        .noneMatch(step -> WHOLE_TABLE.matcher(step).matches()));
    }

    @Test
    void sendingAndLookingUpReadNoWholeTable() {
        Leads leads = LedgerFixture.leads(ledger);
        Events events = new Events(Clock.systemUTC());
        UnknownLeads unknownLeads = new UnknownLeads(ledger, events, Leads.SETTLE_TIME);
        InterruptedLeads interrupted = new InterruptedLeads(ledger, events, Leads.SETTLE_TIME, Leads.journal(ledger));
        Sources sources = new Sources(ledger);
        Source source = sources.claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-2")), AT);
        leads.record(source, List.of(outcome(row(1, "crm-1"), RowState.UNKNOWN)), List.of(row(2, "crm-2")), AT);
        leads.everAccepted("acme");
        leads.planned(source);
        ApprovalStore admissions = new ApprovalStore(ledger);
        admissions.admit(source, 1, 10, AT);
        admissions.standing(source.id());
        admissions.hold(source.id(), 1);
        admissions.waiting("acme", "l.csv");
        admissions.approve(source.id());
        admissions.recoverAtStart();
        ledger.execute(tx -> tx.leads().forgetReopened(source.id()));
        ledger.read(tx -> tx.leadRows().countUnknown());
        unknownLeads.byOutbound();
        ledger.read(tx -> tx.leadRows().oldestUnknown());
        interrupted.recoverAtStart(AT);
        interrupted.recover(source.id(), AT);
        unknownLeads.list(null, null);
        ledger.read(tx -> tx.leadKeys().control("acme"));
        sources.anyUnknown(source);
        UnknownLead lead = unknownLeads.due("acme", AT.plusSeconds(3600), 10).get(0);
        unknownLeads.keep(lead, AT, "later", null);
        unknownLeads.lookUpNow("later", AT);
        ledger.transaction(tx -> tx.sourceDecisions().waits(source.id(), AT));
        ledger.transaction(tx -> tx.sourceDecisions().isCancelled(source.id()));
        unknownLeads.sendAgain(lead);
        leads.settle(source, outcome(row(1, "crm-1"), RowState.ACCEPTED), true, AT);
        sources.changed();
        sources.unfinished();

        assertNoWholeTableIsRead();
    }

    /** However many leads an outbound has, each row asks the ledger for those with its own keys. */
    @ParameterizedTest
    @EnumSource(LeadIdentity.Key.class)
    void duplicatesAreFoundByTheirKeys(LeadIdentity.Key key) {
        Leads leads = LedgerFixture.leads(ledger, Map.of("acme", new LeadIdentity(key, Duration.ofDays(30))));
        UpdatePlanner updates = new UpdatePlanner(
                ledger,
                new UpdateRecorder(ledger, new Events(Clock.systemUTC()), Leads.listeners(ledger)),
                Map.of(),
                Map.of("acme", new LeadIdentity(key, null)),
                leads.promised());
        Sources sources = new Sources(ledger);
        Source source = sources.claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        leads.plan(source, List.of(row(1, "crm-1")), AT);
        Source update = sources.claim("acme", Source.Operation.UPDATE, "u.csv", "u.csv", AT);
        updates.plan(
                update, List.of(new LeadChange(1, 2, null, "crm-1", null, "+12125559999", "crm-9", null, null)), AT);
        ledger.read(tx -> tx.leadKeys().leadIds("acme", "crm-1"));

        assertNoWholeTableIsRead();
        assertThat(plan("l.external_id = ?"))
                .containsOnlyOnce("SEARCH l USING INDEX lead_key (outbound=? AND external_id=?)")
                .noneMatch(step -> step.contains("TEMP B-TREE"));
        if (key != LeadIdentity.Key.EXTERNAL_ID) {
            assertThat(plan("l.phone = ?"))
                    .containsOnlyOnce("SEARCH l USING INDEX lead_phone (outbound=? AND phone=?)")
                    .noneMatch(step -> step.contains("TEMP B-TREE"));
            assertThat(plan("lead_id IS DISTINCT FROM ?"))
                    .containsExactly("SEARCH lead USING INDEX lead_phone (outbound=? AND phone=?)");
        }
        for (String asked : List.of("SELECT lead_id, external_id, phone", "SELECT lead_id FROM lead")) {
            assertThat(plan(asked)).containsExactly("SEARCH lead USING INDEX lead_key (outbound=? AND external_id=?)");
        }
    }

    /** Ids as versions before ids were cleaned took them are found by what they are today. */
    @Test
    void formerSpellingsAreFoundByTheirOwnIndex() {
        Leads leads = LedgerFixture.leads(ledger);
        Sources sources = new Sources(ledger);
        Source former = sources.claim("acme", Source.Operation.ADD, "f.csv", "f.csv", AT);
        leads.plan(former, List.of(row(1, "crm-1\u200B"), row(2, "NULL")), AT);
        Source source = sources.claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        LeadIntent lead = row(1, "crm-2");
        FormerId word = new FormerId("NULL", true);
        leads.plan(
                source,
                List.of(new LeadIntent(1, 2, lead.externalId(), lead.phoneNumber(), lead.body(), null, word)),
                AT);
        Set<String> spellings = ledger.read(tx -> tx.leadKeys().formerSpellings("acme", "crm-1"));
        assertThat(spellings).containsExactly("crm-1\u200B");

        assertNoWholeTableIsRead();
        assertThat(plan("SELECT external_id FROM lead WHERE outbound = ? AND state IN"))
                .contains("SEARCH lead USING INDEX lead_clean_id (outbound=? AND <expr>=?)");
        assertThat(plan("external_id <> ? ORDER BY"))
                .contains("SEARCH l USING INDEX lead_clean_id (outbound=? AND <expr>=?)");
        assertThat(plan("coalesce(l.external_id, '') = ?"))
                .contains("SEARCH l USING INDEX lead_phone (outbound=? AND phone=?)");
    }

    @Test
    void theUpkeepReadsNoWholeTable() {
        Sources sources = new Sources(ledger);
        Source source = sources.claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        sources.failed(source.id(), "old", Event.of("acme", "leads", "{}"));
        new Retention(ledger, Duration.ofDays(1), Clock.fixed(AT.plusSeconds(100_000), ZoneOffset.UTC)).purge();
        assertThat(sources.find(source.id())).isEmpty();
        ledger.execute(tx -> {
            tx.failedStops().add("acme", "lead-1", Source.Operation.RECALL, "400", AT, AT);
            tx.failedStops().due("acme", AT, 50);
            tx.failedStops().remove("acme", "lead-1");
            tx.leads().changeLeadId("acme", "lead-1", "lead-2");
            tx.leads().forgetStop("acme", "lead-1");
        });

        assertNoWholeTableIsRead();
    }

    /** However many copies go again to another sink, and however many events wait. */
    @Test
    void eachSinkReadsItsOwnEventsAndTheyAreCountedByIndexesAlone() {
        Outbox outbox = new Outbox(ledger, Duration.ZERO);
        outbox.register("acme", List.of("file", "http"));
        ledger.execute(tx -> {
            tx.events().next("acme", "file", 10);
            tx.events().newestFor("acme", "file");
            tx.sinks().move("acme", "file", 1);
            tx.sinks().putFileLengths("acme", Map.of());
            tx.events().deleteCopies("acme", "file", 1);
            tx.events().deleteTaken("acme");
            tx.sinks().position("acme", "file");
            tx.events().firstSince("acme", AT);
            tx.events().copyFor("acme", "file", 1, 2, AT, AT.plusSeconds(1));
        });
        outbox.purge();
        assertNoWholeTableIsRead();
        assertThat(plan("UNION ALL SELECT * FROM"))
                .anyMatch(
                        step -> step.matches("SEARCH event USING INDEX event_outbound \\(outbound=\\? AND seq>\\?\\)"))
                .anyMatch(step -> step.matches("SEARCH event USING INDEX event_again .*sink=\\? AND seq>\\?\\)"));

        ledger.execute(tx -> tx.sinks().backlogs());
        assertThat(plan("count(e.seq)"))
                .filteredOn(step -> step.startsWith("SEARCH e "))
                .hasSize(2)
                .allMatch(step -> step.contains("USING COVERING INDEX"));
    }

    /** However many calls an outbound has, those that wait or are open are found by indexes of their own. */
    @Test
    void theReadingOfCallsReadsNoWholeTable() {
        LeadRef row = new LeadRef(1, 1, Origin.of(1, "l.csv", "l.csv", null, 2), AT, "crm-1", "lead-1");
        SeenCall call = new SeenCall("c", "+12125550100", AT, 100, 1L, false, new byte[] {1}, "{}");
        WaitingCall waiting = new WaitingCall("acme", "c", new byte[] {1}, 0, null, "{}", false);
        ledger.execute(tx -> {
            tx.calls().store("acme", call, new CallTable.Said("{}", AT, true), 1, AT, AT);
            tx.calls().confirm("acme", "c", new byte[] {1});
            tx.calls().askAgain("acme", "c", "{}", AT);
            tx.calls().askNow("acme", "c", AT);
            tx.leadKeys().withId("acme", "lead");
            tx.calls().find("acme", "c");
            tx.calls().stillOpen("acme", "c", AT, AT);
            tx.calls().row("acme", "c");
            tx.calls().assign("acme", "c", row);
            tx.calls().dueToJoin(List.of("acme", "other"), AT, 10);
            tx.calls().anyUnpublished("acme");
            tx.calls().findWaiting("acme", "c");
            tx.calls().published(waiting, 2, new byte[] {1}, null, AT);
            tx.calls().postpone(waiting, AT);
            tx.calls().waitingOutbounds();
            tx.calls().dueToRead("acme", AT, AT, 10);
            tx.calls().readLater("acme", "c", AT, AT, 10, 1);
            tx.calls().absent("acme", "c", AT, AT, 10, 3);
            tx.calls().forget(1, List.of(1L));
            tx.calls().drop("acme", "c");
            tx.callOutcomes().put(1, 1, new CallOutcome("c", 100, true, 1, AT, 1L, null, "{}"));
            tx.callOutcomes().withdraw(1, 1, "c");
            tx.callOutcomes().results(1, 1, 500);
            tx.callOutcomes().collected(1, 1, 500);
            tx.leadKeys().withNumber("acme", ledger.keyedHash().of("+12125550100"), 20);
            tx.leadRows().acceptedBetween("acme", AT, AT, 200);
            tx.leadRows().sourcesStopped("acme", AT, AT);
            tx.leadRows().unknownOutbounds();
            tx.sources().outdatedOutcomes();
        });

        assertNoWholeTableIsRead();
        for (String asked : List.of("AND revision = 0 LIMIT 1", "ORDER BY join_at")) {
            assertThat(plan(asked)).singleElement().asString().contains("call_waiting");
        }
        assertThat(plan("OFFSET"))
                .filteredOn(step -> step.startsWith("SEARCH l"))
                .hasSize(2)
                .allMatch(step -> step.contains("lead_accepted (outbound=? AND at>? AND at<?)"));
    }

    /** A person asks for one lead among millions, and for its events among those that are kept. */
    @Test
    void theStoryOfALeadIsReadByIndexes() throws IOException {
        Sources sources = new Sources(ledger);
        Source source = sources.claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        Leads leads = LedgerFixture.leads(ledger);
        leads.plan(source, List.of(row(1, "crm-1")), AT);
        leads.record(source, List.of(outcome(row(1, "crm-1"), RowState.ACCEPTED)), List.of(), AT);
        Path file = Files.writeString(folder.resolve("application.properties"), "outbound.acme.id=ob-1\n");
        LeadStory story = new LeadStory(
                ledger,
                new DataFolders(folder),
                Configuration.load(file, Map.of()).outbounds());

        assertThat(story.of(new LeadStory.Asked("crm-1", null, null)).path("leads"))
                .hasSize(1);
        assertThat(story.of(new LeadStory.Asked(null, "lead-crm-1", null)).path("leads"))
                .hasSize(1);
        assertThat(story.of(new LeadStory.Asked(null, null, "+12125551001")).path("leads"))
                .hasSize(1);

        assertNoWholeTableIsRead();
        assertThat(plan("l.external_id = ? AND l.state IN"))
                .containsExactly("SEARCH l USING INDEX lead_key (outbound=? AND external_id=?)");
        assertThat(plan("l.lead_id = ?")).containsExactly("SEARCH l USING INDEX lead_id (outbound=? AND lead_id=?)");
        assertThat(plan("l.phone = ?")).contains("SEARCH l USING INDEX lead_phone (outbound=? AND phone=?)");
        assertThat(plan("instr(json"))
                .contains("SEARCH event USING INDEX event_outbound (outbound=? AND seq>? AND seq<?)");
        assertThat(plan("revision > 0 ORDER BY"))
                .anyMatch(step -> step.contains("call_row (source_id=? AND row_no=?)"));
    }

    /** What others ask over HTTP is read in parts of bounded size, however many rows and sources there are. */
    @Test
    void pagesAndCountsAreReadInParts() {
        ledger.execute(tx -> {
            tx.statistics().rows(Place.BEGINNING, 10);
            tx.statistics().calls(Place.BEGINNING, 10);
            tx.sourceList().page(new SourceList.Wanted("acme", null, null, null, null), Long.MAX_VALUE, 10);
            tx.sourceDecisions().waits(1);
            tx.sourceDecisions().cancelled(1);
            tx.sourceDecisions().reason(1);
        });

        assertNoWholeTableIsRead();
        assertThat(plan("SELECT source_id, outbound, state, at FROM lead"))
                .contains("SEARCH lead USING PRIMARY KEY ((source_id,row_no)>(?,?))");
        assertThat(plan("SELECT source_id, status, final, called_at"))
                .contains("SEARCH call_outcome USING PRIMARY KEY ((source_id,row_no)>(?,?))");
        assertThat(plan("FROM (SELECT * FROM source")).contains("SEARCH source USING INTEGER PRIMARY KEY (rowid<?)");
    }

    /** A source may have millions of rows, of which SQLite would sort a copy in memory to group them. */
    @Test
    void theRowsOfASourceAreCountedWithoutACopyOfThem() {
        new Sources(ledger).counts(1);

        assertThat(plan("FROM lead WHERE source_id = ?"))
                .containsExactly("SEARCH lead USING PRIMARY KEY (source_id=?)");
    }

    private List<String> plan(String part) {
        return statements.plans().entrySet().stream()
                .filter(each -> each.getKey().contains(part))
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}
