package dev.pearlroutes.approval;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.approval.ApprovalStore.Standing;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalStoreTest {
    @TempDir
    private Path folder;

    private Ledger ledger;
    private Sources sources;
    private ApprovalStore admissions;
    private Leads leads;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        sources = new Sources(ledger);
        admissions = new ApprovalStore(ledger);
        leads = LedgerFixture.leads(ledger);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private Source source(String name) {
        Source source = sources.claim("acme", Source.Operation.ADD, name, name, AT);
        return sources.scanned(source.id(), 3, "00");
    }

    @Test
    void noTwoSourcesGetTheSamePartOfADay() {
        Source one = source("one.csv");
        assertThat(admissions.admit(one, 3, 4, AT)).isEmpty();
        Source two = source("two.csv");
        assertThat(admissions.admit(two, 2, 4, AT)).isEqualTo(OptionalLong.of(1));

        List<LeadIntent> rows = List.of(row(1, "crm-1"), row(2, "crm-2"), row(3, "crm-3"));
        leads.plan(one, rows, AT);
        assertThat(admissions.admit(two, 2, 4, AT)).as("they are sent now").isEqualTo(OptionalLong.of(1));
        leads.record(
                one,
                List.of(outcome(rows.get(0), RowState.ACCEPTED), outcome(rows.get(1), RowState.REJECTED)),
                List.of(rows.get(2)),
                AT);
        assertThat(admissions.admit(two, 3, 4, AT))
                .as("one accepted, one to be sent")
                .isEqualTo(OptionalLong.of(2));
        assertThat(admissions.admit(two, 2, 4, AT)).isEmpty();

        Source next = source("next.csv");
        assertThat(admissions.admit(next, 2, 4, AT.plus(Duration.ofDays(1))))
                .as("what is still to be sent of the others")
                .isEqualTo(OptionalLong.of(1));
    }

    @Test
    void whatWaitsReservesNothingAndIsJudgedOnce() {
        Source one = source("one.csv");
        assertThat(admissions.standing(one.id())).isEqualTo(Standing.NEW);
        assertThat(admissions.undecided("acme", "one.csv")).isTrue();
        admissions.hold(one.id(), 3);
        assertThat(admissions.standing(one.id())).isEqualTo(Standing.WAITING);
        assertThat(admissions.undecided("acme", "one.csv")).isFalse();
        assertThat(admissions.waiting()).extracting(Source::name).containsExactly("one.csv");
        Source two = source("two.csv");
        assertThat(admissions.admit(two, 3, 3, AT)).isEmpty();
        assertThat(admissions.waiting("acme", "two.csv")).isEmpty();

        admissions.approve(admissions.waiting("acme", "one.csv").orElseThrow());

        assertThat(admissions.standing(one.id())).isEqualTo(Standing.ADMITTED);
        assertThat(admissions.waiting()).isEmpty();
        assertThat(admissions.admit(source("three.csv"), 1, 6, AT))
                .as("the approved one counts")
                .isEqualTo(OptionalLong.of(0));
    }

    @Test
    void aNameMeansTheFileWhoseNoticeHasIt() {
        Source one = source("l.csv");
        Source two = sources.claim("acme", Source.Operation.ADD, "l.csv.2", "l.csv", AT);
        assertThat(admissions.undecided("acme", "l.csv.2")).isTrue();
        admissions.hold(one.id(), 3);
        admissions.hold(two.id(), 3);

        assertThat(toCancel("l.csv")).contains(one.id());
        admissions.approve(admissions.waiting("acme", "l.csv").orElseThrow());

        assertThat(admissions.waiting("acme", "l.csv")).as("after a crash").contains(one.id());
        assertThat(admissions.standing(two.id())).isEqualTo(Standing.WAITING);
        assertThat(admissions.waiting("acme", "l.csv.2")).contains(two.id());
        assertThat(toCancel("l.csv.2")).contains(two.id());
    }

    private Optional<Long> toCancel(String name) {
        return ledger.read(tx -> tx.sourceDecisions().newestNamed("acme", name));
    }

    @Test
    void aMessageThatIsNotBroughtAgainKeepsNoPartOfADay() {
        Source message = sources.receive(new Source(
                        0,
                        "acme",
                        Source.Operation.ADD,
                        "m",
                        "ID:1",
                        "leads",
                        Source.State.SENDING,
                        "00",
                        3L,
                        AT,
                        null,
                        null,
                        null,
                        null,
                        false))
                .source();
        assertThat(admissions.admit(message, 3, 4, AT)).isEmpty();
        assertThat(admissions.admit(source("one.csv"), 2, 4, AT)).isEqualTo(OptionalLong.of(1));

        admissions.recoverAtStart();

        assertThat(admissions.admit(source("two.csv"), 2, 4, AT)).isEmpty();
        assertThat(admissions.standing(message.id()))
                .as("it is not judged again")
                .isEqualTo(Standing.ADMITTED);
    }
}
