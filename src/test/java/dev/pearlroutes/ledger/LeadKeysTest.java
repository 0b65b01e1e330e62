package dev.pearlroutes.ledger;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadKeysTest {
    private static final LeadIdentity PHONE = new LeadIdentity(LeadIdentity.Key.PHONE, null);
    private static final int LEADS = 3;

    @TempDir
    private Path folder;

    private Ledger ledger;
    private Source source;

    @BeforeEach
    void acceptLeadsThatShareAnExternalId() {
        ledger = LedgerFixture.open(folder);
        source = new Sources(ledger).claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        Leads leads = LedgerFixture.leads(ledger, Map.of("acme", PHONE));
        for (long line = 1; line <= LEADS; line++) {
            LeadIntent lead = row(line, "campaign");
            assertThat(leads.plan(source, List.of(lead), AT)).containsExactly(lead);
            leads.record(source, List.of(outcome(lead, RowState.ACCEPTED)), List.of(), AT);
        }
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** Generation of each lead that is read, with a mark for one that holds its key. */
    private List<String> read(Instant heldSince) {
        Source another = new Sources(ledger).claim("acme", Source.Operation.ADD, "m.csv", "m.csv", AT);
        return ledger.read(tx -> {
            try (var holders = tx.leadKeys().holders(another, heldSince, false)) {
                return holders.byExternalId("campaign").stream()
                        .map(holder -> holder.generation() + (holder.holds() ? " holds" : ""))
                        .toList();
            }
        });
    }

    @Test
    void theNewestThatHoldsItsKeyIsTheLastOneRead() {
        assertThat(read(AT.minus(Duration.ofDays(1)))).containsExactly("2 holds");
    }

    @Test
    void allAreReadWhenNoneHoldsItsKey() {
        assertThat(read(AT)).containsExactly("2", "1", "0");
    }
}
