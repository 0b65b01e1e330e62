package dev.pearlroutes.intake;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.column;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    @TempDir
    private Path folder;

    private Ledger ledger;
    private Sources sources;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        sources = new Sources(ledger);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void aSourceGoesFromClaimToFinish() {
        assertThat(sources.none()).isTrue();
        Source source = sources.claim("acme", Source.Operation.ADD, "l.csv.1", "l.csv", AT);
        assertThat(source.state()).isEqualTo(Source.State.CLAIMED);
        assertThat(source.droppedAs()).isEqualTo("l.csv");

        Source sending = sources.scanned(source.id(), 3, "ab");
        assertThat(sending.state()).isEqualTo(Source.State.SENDING);
        assertThat(sending.rows()).isEqualTo(3);
        assertThat(sources.unfinished()).containsExactly(sending);

        assertThat(sources.finishing(source.id(), AT, null).finishedAt()).isEqualTo(AT);
        assertThat(sources.finishing(source.id(), AT.plusSeconds(9), null).finishedAt())
                .as("a repeated finish publishes the same")
                .isEqualTo(AT);
        sources.finished(source.id(), Event.of("acme", "leads", "{}"));
        sources.finished(source.id(), Event.of("acme", "leads", "{}"));
        assertThat(column(ledger, "SELECT json FROM event")).hasSize(1);
        assertThat(sources.unfinished()).isEmpty();
        assertThat(sources.none()).isFalse();
    }

    @Test
    void aNameThatIsTakenMakesNoSource() {
        List<String> names = List.of("l.csv", "l.csv.receipt.json");
        sources.claim("acme", Source.Operation.ADD, "l.csv.receipt.json", "l.csv.receipt.json", AT);
        assertThat(sources.claimUnless(names, "acme", Source.Operation.ADD, "l.csv", "l.csv", AT))
                .isEmpty();
        assertThat(sources.unfinished()).hasSize(1);
        Source other = sources.claimUnless(names, "other", Source.Operation.ADD, "l.csv", "l.csv", AT)
                .orElseThrow();
        assertThat(sources.claimUnless(names, "acme", Source.Operation.UPDATE, "l.csv", "l.csv", AT))
                .isPresent();
        assertThat(sources.underWay(other.id())).contains(other);
    }

    @Test
    void anUnfinishedSourceIsTakenUpByOneOnly() {
        long claimed = sources.claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT)
                .id();
        sources.claim("other", Source.Operation.ADD, "l.csv", "l.csv", AT);
        assertThat(sources.takeUp("acme", Source.Operation.ADD, AT, id -> true))
                .as("under way")
                .isEmpty();

        sources.release(claimed);
        assertThat(sources.takeUp("acme", Source.Operation.ADD, AT, id -> false))
                .as("not due")
                .isEmpty();
        assertThat(sources.takeUp("acme", Source.Operation.ADD, AT, id -> true)).containsExactly(claimed);
        assertThat(sources.takeUp("acme", Source.Operation.ADD, AT, id -> true))
                .as("under way again")
                .isEmpty();

        sources.failed(claimed, "broken", Event.of("acme", "leads", "{}"));
        sources.release(claimed);
        assertThat(sources.takeUp("acme", Source.Operation.ADD, AT, id -> true))
                .as("ended")
                .isEmpty();
        assertThat(new Sources(ledger).takeUp("other", Source.Operation.ADD, AT, id -> true))
                .as("of the process before")
                .hasSize(1);
    }

    /** Look-ups go on while result files and receipt are being written, and those don't have what comes in between. */
    @Test
    void aRowThatIsSettledDuringTheFinishMakesTheReceiptOutOfDate() {
        Source source = sources.scanned(
                sources.claim("acme", Source.Operation.ADD, "a", "a", AT).id(), 1, "x");
        Leads leads = LedgerFixture.leads(ledger);
        LeadIntent lead = LedgerFixture.row(1, "crm-1");
        leads.plan(source, List.of(lead), AT);
        leads.record(source, List.of(LedgerFixture.outcome(lead, RowState.UNKNOWN)), List.of(), AT);

        sources.finishing(source.id(), AT, null);
        leads.settle(source, LedgerFixture.outcome(lead, RowState.ACCEPTED), true, AT);
        assertThat(sources.changed()).as("nothing to rewrite yet").isEmpty();
        sources.finished(source.id(), Event.of("acme", "leads", "{}"));
        assertThat(sources.changed()).hasSize(1);
    }

    @Test
    void aFinishThatIsRepeatedHasWhatWasSettledBefore() {
        Source source = sources.scanned(
                sources.claim("acme", Source.Operation.ADD, "a", "a", AT).id(), 1, "x");
        Leads leads = LedgerFixture.leads(ledger);
        LeadIntent lead = LedgerFixture.row(1, "crm-1");
        leads.plan(source, List.of(lead), AT);
        leads.record(source, List.of(LedgerFixture.outcome(lead, RowState.UNKNOWN)), List.of(), AT);
        sources.finishing(source.id(), AT, null);
        leads.settle(source, LedgerFixture.outcome(lead, RowState.ACCEPTED), true, AT);
        sources.finishing(source.id(), AT, null);
        sources.finished(source.id(), Event.of("acme", "leads", "{}"));
        assertThat(sources.changed()).isEmpty();
    }

    @Test
    void unfinishedSourcesComeOldestFirstAndSurviveAReopening() {
        Source one = sources.claim("acme", Source.Operation.ADD, "a", "a", AT);
        Source two = sources.scanned(
                sources.claim("other", Source.Operation.ADD, "b", "b", AT).id(), 1, "x");
        sources.failed(
                sources.claim("acme", Source.Operation.ADD, "c", "c", AT).id(),
                "broken",
                Event.of("acme", "leads", "{}"));
        ledger.close();
        open();
        assertThat(sources.unfinished()).containsExactly(one, two);
    }

    @Test
    void onlyAClaimIsWithdrawn() {
        Source claimed = sources.claim("acme", Source.Operation.ADD, "a", "a", AT);
        Source sending = sources.scanned(
                sources.claim("acme", Source.Operation.ADD, "b", "b", AT).id(), 1, "x");
        sources.withdraw(claimed.id());
        sources.withdraw(sending.id());
        assertThat(sources.find(claimed.id())).isEmpty();
        assertThat(sources.find(sending.id())).isPresent();
        assertThat(sources.claim("acme", Source.Operation.ADD, "a", "a", AT)).isNotEqualTo(claimed);
    }
}
