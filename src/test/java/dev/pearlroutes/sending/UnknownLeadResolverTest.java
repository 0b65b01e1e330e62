package dev.pearlroutes.sending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Unknowns;
import dev.pearlroutes.model.Event;
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
        Unknowns unknowns = new Unknowns(ledger, (source, outcome) -> event(source), SETTLE_TIME);
        Leads leads = new Leads(ledger, (source, outcome) -> event(source), SETTLE_TIME);
        UnknownLeadResolver lookUps = new UnknownLeadResolver(
                List.of("acme"),
                unknowns,
                leads,
                new CircuitBreakers(clock, new AdaptiveRate(0, clock), new Shutdown(clock)),
                new ApiPaths(Map.of("acme", "ob-1")),
                SETTLE_TIME,
                true,
                clock);
        unknown(new Sources(ledger), leads, unknowns, clock);
        time.advance(Duration.ofMinutes(1));
        LookUp lookUp = lookUps.due().get(0);

        lookUps.failed(lookUp, new NotSentException("the process is stopping"));
        assertThat(lookUps.due()).hasSize(1);

        lookUps.failed(lookUp, new IOException("no route"));
        assertThat(lookUps.due()).isEmpty();
        time.advance(Duration.ofMinutes(1));
        assertThat(lookUps.due()).hasSize(1);

        ledger.close();
        assertThatCode(() -> lookUps.failed(lookUp, new IOException("no route")))
                .as("nobody handles what the handling of an error throws")
                .doesNotThrowAnyException();
    }

    private static void unknown(Sources sources, Leads leads, Unknowns unknowns, Clock clock) {
        Source source = sources.claim("acme", Source.Operation.ADD, "a.csv", "a.csv", clock.instant());
        Source scanned = sources.scanned(source.id(), 1, "00");
        leads.plan(scanned, List.of(new LeadIntent(1, 2, "crm-1", "+12125550101", "{}", null)), clock.instant());
        unknowns.recover(source.id(), clock.instant());
    }

    private static Event event(Source source) {
        return Event.of(source.outbound(), "leads", "{}");
    }
}
