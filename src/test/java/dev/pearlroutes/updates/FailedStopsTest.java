package dev.pearlroutes.updates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.model.FailedStop;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.sandbox.MutableClock;
import dev.pearlroutes.upkeep.Erasure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept and said of leads that could not be stopped. */
class FailedStopsTest {
    private static final Instant AT = LedgerFixture.AT;

    @TempDir
    private Path folder;

    private final MutableClock time = new MutableClock();
    private final List<String> lines = new ArrayList<>();
    private final Logger logger = (Logger) LogManager.getLogger(FailedStops.class);
    private final AbstractAppender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    };
    private Level levelBefore;
    private Ledger ledger;
    private FailedStops stops;
    private Source source;

    @BeforeEach
    void open() {
        ledger = LedgerFixture.open(folder);
        stops = new FailedStops(ledger, time.withZone(ZoneOffset.UTC));
        source = new Sources(ledger).claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
        Leads leads = LedgerFixture.leads(ledger);
        List<LeadIntent> rows = LongStream.rangeClosed(1, 4)
                .mapToObj(row -> LedgerFixture.row(row, "crm-" + row))
                .toList();
        leads.plan(source, rows, AT);
        leads.record(
                source,
                rows.stream()
                        .map(row -> LedgerFixture.outcome(row, RowState.ACCEPTED))
                        .toList(),
                List.of(),
                AT);
        appender.start();
        logger.addAppender(appender);
        levelBefore = logger.getLevel();
        Configurator.setLevel(logger, Level.INFO);
    }

    @AfterEach
    void close() {
        logger.removeAppender(appender);
        Configurator.setLevel(logger, levelBefore);
        ledger.close();
    }

    private void fail(String leadId, Source.Operation cause, Instant at) {
        ledger.execute(tx -> tx.failedStops().add("acme", leadId, cause, "400 wrong", at, FailedStops.nextTry(1, at)));
    }

    @Test
    void areTriedWithinAMinuteAndThenEverMoreSeldomUpToAnHour() {
        fail("lead-crm-1", Source.Operation.SUPPRESS, AT);
        List<Long> waits = new ArrayList<>();
        Instant now = AT;
        for (int i = 0; i < 10; i++) {
            FailedStop stop = stops.list(null, null).get(0);
            assertThat(stops.due("acme", stop.tryAt().minusMillis(1), 10)).isEmpty();
            assertThat(stops.due("acme", stop.tryAt(), 10)).hasSize(1);
            waits.add(Duration.between(now, stop.tryAt()).toSeconds());
            now = stop.tryAt();
            stops.failedAgain(stop, "no answer", now);
        }
        assertThat(waits).containsExactly(30L, 60L, 120L, 240L, 480L, 960L, 1920L, 3600L, 3600L, 3600L);
        assertThat(stops.list("acme", "l.csv"))
                .singleElement()
                .returns(11, FailedStop::tries)
                .returns(AT, FailedStop::since)
                .returns("no answer", FailedStop::reason);
    }

    @Test
    void areAnErrorOnceWithCountsAndNobodysIds() {
        fail("lead-crm-1", Source.Operation.SUPPRESS, AT);
        fail("lead-crm-2", Source.Operation.SUPPRESS, AT);
        fail("lead-crm-3", Source.Operation.RECALL, AT);
        for (int second = 0; second < 100; second++) {
            stops.tell();
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(lines)
                .containsExactly("ERROR 1 lead of acme, of a recalled file, and 2 leads of acme, on a suppression list,"
                        + " could not be stopped and may be called: see pearl-routes stops list. They are tried again"
                        + " by themselves, ever more seldom up to once an hour");
        assertThat(stops.problems())
                .singleElement()
                .asString()
                .contains("2 leads of acme, on a suppression list,")
                .doesNotContain("crm", "400");

        fail("lead-crm-4", Source.Operation.RECALL, AT.plusSeconds(1));
        stops.tell();
        assertThat(lines).as("a new one").hasSize(2);
        stops.list(null, null).forEach(stops::acknowledge);
        stops.tell();
        stops.tell();

        assertThat(lines).hasSize(3).last().isEqualTo("INFO acme has no lead any more that could not be stopped");
        assertThat(stops.count("acme")).isZero();
    }

    @Test
    void areOfLeadsThatTheLedgerKnows() {
        fail("of-nobody", Source.Operation.RECALL, AT);
        fail("lead-crm-1", Source.Operation.RECALL, AT);
        fail("lead-crm-2", Source.Operation.RECALL, AT);
        assertThat(stops.list(null, null)).extracting(FailedStop::externalId).containsExactly("crm-1", "crm-2");

        new Erasure(ledger).erase(List.of(new Erasure.Rows(source, Set.of(1L), null)), AT);

        assertThat(LedgerFixture.column(ledger, "SELECT lead_id FROM failed_stop"))
                .containsExactly("lead-crm-2");
    }

    @Test
    void whatAnEarlierVersionGaveUpAfterOneTryIsTriedAgain() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("earlier").resolve("ledger.sqlite");
        Files.createDirectory(folder.resolve("earlier"));
        Flyway.configure(getClass().getClassLoader())
                .dataSource(url, null, null)
                .locations("classpath:dev/pearlroutes/ledger/migrations")
                .target("1")
                .load()
                .migrate();
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO source (id, outbound, operation, name, dropped_as, state, started_at)"
                    + " VALUES (1, 'acme', 'add', 'l.csv', 'l.csv', 'finished', 0),"
                    + " (2, 'acme', 'suppress', 's.csv', 's.csv', 'finished', 0),"
                    + " (3, 'acme', 'update', 'u.csv', 'u.csv', 'finished', 0)");
            statement.executeUpdate("INSERT INTO lead (source_id, row_no, line, outbound, external_id, state, lead_id,"
                    + " at, reason, stopped_at, stop_refused) VALUES"
                    + " (1, 1, 2, 'acme', 'crm-1', 'accepted', 'lead-1', 1, NULL, 5, 1),"
                    + " (1, 2, 3, 'acme', 'crm-2', 'accepted', 'lead-2', 1, NULL, 5, 0),"
                    + " (1, 3, 4, 'acme', 'crm-3', 'accepted', 'lead-3', 1, NULL, NULL, 0),"
                    + " (2, 1, 2, 'acme', NULL, 'rejected', 'lead-1', 5, '404', NULL, 0),"
                    + " (2, 2, 3, 'acme', NULL, 'updated', 'lead-2', 5, NULL, NULL, 0),"
                    + " (3, 1, 2, 'acme', NULL, 'rejected', 'lead-3', 5, '404', NULL, 0)");
        }

        try (Ledger earlier = LedgerFixture.sqlite(folder.resolve("earlier"))) {
            assertThat(new FailedStops(earlier, Clock.systemUTC()).list(null, null))
                    .singleElement()
                    .returns("lead-1", FailedStop::leadId)
                    .returns(Source.Operation.SUPPRESS, FailedStop::cause)
                    .returns("404", FailedStop::reason)
                    .returns("l.csv", FailedStop::file)
                    .returns(2L, FailedStop::line);
        }
    }
}
