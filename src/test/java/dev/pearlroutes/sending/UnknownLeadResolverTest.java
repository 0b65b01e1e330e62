package dev.pearlroutes.sending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.intake.InterruptedLeads;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.NotSentException;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import dev.pearlroutes.sandbox.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a look-up that fails. */
class UnknownLeadResolverTest {
    private static final Duration SETTLE_TIME = Duration.ofSeconds(1);

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

    private final MutableClock time = new MutableClock();

    @Test
    void oneThatWasNotMadeIsDueAsBeforeAndOneThatFailedLater() {
        Clock clock = time.withZone(ZoneOffset.UTC);
        Events events = new Events(clock);
        Leads leads = new Leads(ledger);
        UnknownLeadResolver resolver = new UnknownLeadResolver(
                new UnknownLeadResolver.Policy(Set.of("acme"), SETTLE_TIME, true),
                new UnknownLeads(ledger, events, SETTLE_TIME),
                leads.recorder(),
                new IntentFactory(Map.of(), ledger.keyedHash(), new ApiPaths(Map.of("acme", "ob-1"))),
                new CircuitBreakers(clock, new AdaptiveRate(0, clock), new Shutdown(clock)),
                clock);
        unknown(
                new Sources(ledger),
                leads,
                new InterruptedLeads(ledger, events, SETTLE_TIME, Leads.journal(ledger)),
                clock);
        time.advance(Duration.ofMinutes(1));
        LookUp lookUp = resolver.due().lookUps().get(0);

        resolver.failed(lookUp, new NotSentException("the process is stopping"));
        assertThat(resolver.due().lookUps()).hasSize(1);

        resolver.failed(lookUp, new IOException("no route"));
        assertThat(resolver.due().lookUps()).isEmpty();
        time.advance(Duration.ofMinutes(1));
        assertThat(resolver.due().lookUps()).hasSize(1);

        ledger.close();
        assertThatCode(() -> resolver.failed(lookUp, new IOException("no route")))
                .as("nobody handles what the handling of an error throws")
                .doesNotThrowAnyException();
    }

    private static void unknown(Sources sources, Leads leads, InterruptedLeads interrupted, Clock clock) {
        Source source = sources.claim("acme", Source.Operation.ADD, "a.csv", "a.csv", clock.instant());
        Source scanned = sources.scanned(source.id(), 1, "00");
        leads.plan(scanned, List.of(new LeadIntent(1, 2, "crm-1", "+12125550101", "{}", null)), clock.instant());
        interrupted.recoverAtStart(clock.instant());
    }
}
