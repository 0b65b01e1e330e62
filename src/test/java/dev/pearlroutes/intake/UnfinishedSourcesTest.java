package dev.pearlroutes.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerChanges;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedSourcesTest {
    @TempDir
    private Path folder;

    private Ledger ledger;

    @BeforeEach
    void open() {
        ledger = Ledger.open(
                "jdbc:sqlite:" + folder.resolve("ledger.sqlite"),
                folder.resolve("tmp"),
                PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void aSourceThatCannotBeTakenUpKeepsNoOtherFromIt() {
        Clock clock = Clock.systemUTC();
        Sources sources = new Sources(ledger);
        Leads leads = new Leads(ledger);
        Source odd = unfinished(sources, leads, clock, "odd.csv");
        Source even = unfinished(sources, leads, clock, "even.csv");
        LedgerChanges.change(
                ledger,
                "CREATE TRIGGER odd BEFORE UPDATE ON lead WHEN old.external_id = 'odd.csv'"
                        + " BEGIN SELECT raise(ABORT, 'odd'); END");
        InterruptedLeads interrupted =
                new InterruptedLeads(ledger, new Events(clock), Duration.ofSeconds(1), Leads.journal(ledger));
        FileIntake fileIntake =
                new FileIntake(new DataFolders(folder), sources, null, Map.of(), new QuietFiles(Duration.ZERO), clock);
        UnfinishedSources unfinished =
                new UnfinishedSources(sources, interrupted, fileIntake, new Shutdown(clock), clock);

        assertThat(unfinished.due("acme", Source.Operation.ADD)).containsExactly(even.id());
        assertThat(unfinished.reasons()).singleElement().asString().startsWith("odd.csv of acme");
        assertThat(sources.takeUp("acme", Source.Operation.ADD, clock.instant(), id -> true))
                .as("free to be tried again")
                .containsExactly(odd.id());

        ledger.close();
        unfinished.failed(even.id(), "no ledger");
        assertThat(unfinished.reasons())
                .as("reported, and tried again in time, also without the ledger")
                .contains("source " + even.id() + ": no ledger.");
    }

    private static Source unfinished(Sources sources, Leads leads, Clock clock, String name) {
        Source source = sources.claim("acme", Source.Operation.ADD, name, name, clock.instant());
        Source scanned = sources.scanned(source.id(), 1, "00");
        leads.plan(scanned, List.of(new LeadIntent(1, 2, name, "+12125550101", "{}", null)), clock.instant());
        sources.release(source.id());
        return scanned;
    }
}
