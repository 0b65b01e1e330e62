package dev.pearlroutes.sending;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.ReleaseRate;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseWavesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private Ledger ledger;
    private Sources sources;
    private ReleaseWaves waves;
    private Source one;
    private Source two;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        sources = new Sources(ledger);
        waves = waves();
        one = source("one.csv");
        two = source("two.csv");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private ReleaseWaves waves() {
        return new ReleaseWaves(ledger, Map.of("acme", ReleaseRate.of("5/hour")));
    }

    private Source source(String name) {
        Source source = sources.claim("acme", Source.Operation.ADD, name, name, AT);
        sources.release(source.id());
        return sources.scanned(source.id(), 10, "00");
    }

    @Test
    void allFilesShareAWaveAndARestartDoesNotBeginANewOne() {
        assertThat(waves.take(one, 3, AT).leads()).isEqualTo(3);
        assertThat(waves.take(two, 64, AT).leads()).isEqualTo(2);
        assertThat(waves().take(one, 1, AT.plusSeconds(3_599)).leads()).isZero();

        ReleaseWaves.Grant next = waves.take(one, 64, AT.plus(HOUR));
        assertThat(next.leads()).isEqualTo(5);
        assertThat(next.next()).isEqualTo(AT.plus(HOUR).plus(HOUR));
    }

    @Test
    void whatIsGivenBackIsReleasedInItsOwnWaveOnly() {
        ReleaseWaves.Grant first = waves.take(one, 5, AT);
        waves.giveBack(one, first, 2);
        assertThat(waves.take(two, 64, AT.plusSeconds(10)).leads()).isEqualTo(2);

        waves.take(two, 5, AT.plus(HOUR));
        waves.giveBack(one, first, 3);
        assertThat(waves.take(two, 64, AT.plus(HOUR)).leads()).isZero();
    }

    @Test
    void aWaveOfNoLeadHasNotBegun() {
        waves.giveBack(one, waves.take(one, 5, AT), 5);

        Instant later = AT.plusSeconds(1_800);
        assertThat(waves.take(one, 5, later).next()).isEqualTo(later.plus(HOUR));
    }

    @Test
    void aClockThatIsSetBackMakesNoWaveLonger() {
        waves.take(one, 5, AT.plus(Duration.ofDays(300)));

        assertThat(waves.take(one, 5, AT).leads()).isZero();
        assertThat(waves.take(one, 5, AT.plus(HOUR)).leads()).isEqualTo(5);
    }

    @Test
    void whoWaitsGoesOnInTheNextWaveOrWithWhatAnotherGaveBack() {
        ReleaseWaves.Grant taken = waves.take(one, 5, AT);
        Instant next = waves.take(two, 5, AT).next();
        waves.waitForNext(two, next, AT);
        waves.ended(two, AT);
        assertThat(sources.takeUp("acme", Source.Operation.ADD, AT, id -> id == two.id()))
                .isEmpty();
        assertThat(waves.waiting()).isEqualTo(1);

        waves.giveBack(one, taken, 1);
        waves.ended(one, AT);
        assertThat(sources.takeUp("acme", Source.Operation.ADD, AT, id -> id == two.id()))
                .containsExactly(two.id());

        waves.take(two, 1, AT);
        waves.waitForNext(two, next, AT);
        sources.release(two.id());
        assertThat(sources.takeUp("acme", Source.Operation.ADD, next.minusMillis(1), id -> id == two.id()))
                .isEmpty();
        assertThat(sources.takeUp("acme", Source.Operation.ADD, next, id -> id == two.id()))
                .containsExactly(two.id());
    }

    @Test
    void anOutboundWithoutWavesAndAMessageWaitForNothing() {
        Source other = sources.claim("other", Source.Operation.ADD, "o.csv", "o.csv", AT);
        assertThat(waves.take(other, 64, AT).leads()).isEqualTo(64);
        waves.take(one, 5, AT);
        Source message = sources.receive(new Source(
                        0,
                        "acme",
                        Source.Operation.ADD,
                        "m",
                        "m",
                        "queue",
                        Source.State.SENDING,
                        "00",
                        1L,
                        AT,
                        null,
                        null,
                        null,
                        null,
                        false))
                .source();
        assertThat(waves.take(message, 64, AT).leads()).isEqualTo(64);
    }

    @Test
    void aReleaseIsWrittenAsLeadsAnHourOrADay() {
        assertThat(ReleaseRate.of("500 / day")).hasToString("500/day");
        assertThat(ReleaseRate.of("100/hour").waitOf(250)).isEqualTo(Duration.ofHours(2));
        assertThat(ReleaseRate.of("100/hour").mostADay()).isEqualTo(2_400);
        for (String wrong : new String[] {"0/hour", "100", "100/minute", "-1/day", "ten/day"}) {
            assertThatThrownBy(() -> ReleaseRate.of(wrong)).hasMessageContaining("such as 100/hour or 500/day");
        }
    }
}
