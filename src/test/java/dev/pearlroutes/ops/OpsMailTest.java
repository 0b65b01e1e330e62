package dev.pearlroutes.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Trouble;
import dev.pearlroutes.nlpearl.TestClock;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpsMailTest {
    private static final Trouble CIRCUIT = new Trouble("circuit", "acme", null, "the API refuses the credentials.");
    private static final Trouble SINK = new Trouble("sink", "acme", "http", "The sink http of acme fails.");

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock();
    private final List<String> events = new ArrayList<>();
    private Ledger ledger;
    private OpsWatch watch;
    private OpsMail mail;

    OpsMailTest() {
        clock.advance(Duration.between(clock.instant(), Instant.parse("2026-12-01T08:00:00Z")));
    }

    @BeforeEach
    void start() {
        ledger = Ledger.open(
                "jdbc:sqlite:" + folder.resolve("ledger.sqlite"),
                folder.resolve("tmp"),
                PosixFilePermissions.fromString("rw-------"));
        ledger.tell((Event event) -> events.add(Events.type(event)));
        watch = new OpsWatch(ledger, new Events(clock), new OpsWatch.Listeners(true, true), clock);
        mail = new OpsMail(
                watch,
                "host-1",
                "http://127.0.0.1:8080",
                new OpsMail.Pace(Duration.ofMinutes(1), Duration.ofMinutes(10)),
                clock);
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private void restart() {
        stop();
        start();
    }

    private void look(Trouble... troubles) {
        watch.lookAtLedger(null);
        watch.look(List.of(troubles));
        clock.advance(Duration.ofSeconds(3));
        watch.look(List.of(troubles));
    }

    private OpsMail.Mail sent() {
        OpsMail.Mail due = mail.due();
        assertThat(due).isNotNull();
        mail.sent(due);
        return due;
    }

    @Test
    void anOutageIsOneMailAndItsEndAnother() {
        look(CIRCUIT);
        assertThat(mail.due()).as("more may come").isNull();
        clock.advance(Duration.ofSeconds(30));
        look(CIRCUIT, SINK);
        clock.advance(Duration.ofSeconds(40));

        OpsMail.Mail began = sent();
        assertThat(began.subject()).isEqualTo("pearl-routes: 2 troubles on host-1: circuit of acme, sink http of acme");
        assertThat(began.text())
                .contains("the API refuses the credentials.", "The sink http of acme fails.")
                .contains("Page: http://127.0.0.1:8080/");
        clock.advance(Duration.ofHours(3));
        look(CIRCUIT, SINK);
        assertThat(mail.due()).as("it was told").isNull();

        look(SINK);
        clock.advance(Duration.ofSeconds(90));
        assertThat(mail.due()).as("not all is well").isNull();
        look();
        assertThat(mail.due()).as("it may come back").isNull();
        clock.advance(Duration.ofSeconds(60));

        OpsMail.Mail well = sent();
        assertThat(well.subject()).isEqualTo("pearl-routes: All well again on host-1");
        assertThat(well.text()).contains("circuit of acme, since 2026-12-01T08:00:03Z until", "sink http of acme");
        clock.advance(Duration.ofDays(1));
        look();
        assertThat(mail.due()).isNull();
        assertThat(events).containsExactly("ops.began", "ops.began", "ops.ended", "ops.ended");
    }

    @Test
    void whatComesLaterWaitsForThePauseOfAnOutage() {
        look(CIRCUIT);
        clock.advance(Duration.ofSeconds(60));
        sent();
        look(CIRCUIT, SINK);
        clock.advance(Duration.ofMinutes(9));
        assertThat(mail.due()).isNull();
        clock.advance(Duration.ofMinutes(2));

        assertThat(sent().text()).contains("What needs you:\n- sink http of acme", "Still so:\n- circuit of acme");
    }

    @Test
    void whatIsOverAtOnceIsNoMailButAnEvent() {
        look(SINK);
        look();
        clock.advance(Duration.ofHours(1));

        assertThat(mail.due()).isNull();
        assertThat(events).containsExactly("ops.began", "ops.ended");
    }

    @Test
    void whatIsSeenAtOneLookAloneIsNoTrouble() {
        watch.look(List.of(SINK));
        watch.look(List.of());
        watch.look(List.of(SINK));

        assertThat(events).isEmpty();
        assertThat(watch.open()).isZero();
    }

    @Test
    void aRestartTellsNothingTwiceAndTheEndAllTheSame() {
        look(CIRCUIT);
        clock.advance(Duration.ofSeconds(60));
        sent();

        restart();
        look(CIRCUIT);
        clock.advance(Duration.ofHours(1));
        assertThat(mail.due()).isNull();
        assertThat(events).containsExactly("ops.began");

        restart();
        look();
        assertThat(events).as("it may not have been tried yet").containsExactly("ops.began");
        clock.advance(Duration.ofMinutes(2));
        look();
        clock.advance(Duration.ofSeconds(60));
        assertThat(sent().subject()).contains("All well again");
        assertThat(events).containsExactly("ops.began", "ops.ended");
    }

    @Test
    void aMailServerThatIsAwayIsTriedEverMoreSeldom() {
        look(CIRCUIT);
        clock.advance(Duration.ofSeconds(60));
        assertThat(mail.due()).isNotNull();

        mail.failed(new IllegalStateException("535 user ops@example.com", new java.net.ConnectException("refused")));
        assertThat(mail.due()).isNull();
        assertThat(mail.problems())
                .containsExactly("Mails about troubles cannot be sent (ConnectException): check ops.mail.*.");
        clock.advance(Duration.ofSeconds(5));
        assertThat(mail.due()).isNotNull();
        mail.failed(new java.net.ConnectException("refused"));
        clock.advance(Duration.ofSeconds(5));
        assertThat(mail.due()).isNull();
        clock.advance(Duration.ofSeconds(6));

        sent();
        assertThat(mail.problems()).isEmpty();
    }

    @Test
    void aNameWithALineBreakMakesNoHeader() {
        watch.happened(new Trouble("file-failed", "acme", "a\r\nBcc: x@y.z\r\n.csv", "a\nb cannot be used"));
        look();
        clock.advance(Duration.ofSeconds(60));

        OpsMail.Mail due = sent();
        assertThat(due.subject()).doesNotContain("\r", "\n").contains("a__Bcc: x@y.z__.csv");
        assertThat(due.text()).contains("  a_b cannot be used\n");
        assertThat(events).containsExactly("ops.happened");
        clock.advance(Duration.ofHours(1));
        assertThat(mail.due()).as("it has no end").isNull();
    }

    @Test
    void theLedgersOwnTroubleIsAMailAndNoEvent() {
        watch.lookAtLedger("the disk is full");
        clock.advance(Duration.ofSeconds(60));

        assertThat(sent().text()).contains("the disk is full");
        watch.lookAtLedger("the disk is full");
        assertThat(mail.due()).isNull();
        assertThat(watch.open()).isEqualTo(1);
        look();
        clock.advance(Duration.ofSeconds(60));

        assertThat(sent().subject()).contains("All well again");
        assertThat(events).isEmpty();
        assertThat(watch.open()).isZero();
    }

    @Test
    void whatHappensInATransactionIsToldWithIt() {
        ledger.execute(tx -> watch.happened(
                tx, List.of(new Trouble("file-failed", "acme", "a.csv", "a.csv of acme cannot be used"))));
        assertThat(events).containsExactly("ops.happened");

        restart();
        look();
        clock.advance(Duration.ofSeconds(60));
        assertThat(sent().subject()).endsWith(": file failed a.csv of acme");
    }

    @Test
    void aLongOutageOfTheMailServerFillsNothing() {
        for (int i = 0; i < 1_500; i++) {
            watch.happened(new Trouble("file-failed", "acme", i + ".csv", "it cannot be used"));
        }
        look();
        clock.advance(Duration.ofSeconds(60));

        assertThat(sent().tells()).hasSize(1_000);
    }
}
