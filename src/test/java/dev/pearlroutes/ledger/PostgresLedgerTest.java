package dev.pearlroutes.ledger;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is PostgreSQL's own: several processes, a connection that breaks, and a way to the server. */
class PostgresLedgerTest {
    private static final int BATCH = 64;

    @TempDir
    private Path folder;

    private final List<Ledger> open = new ArrayList<>();
    private Ledger ledger;

    @BeforeEach
    void open() {
        ledger = another();
    }

    @AfterEach
    void close() {
        open.forEach(Ledger::close);
    }

    /** The ledger as another process has it open. */
    private Ledger another() {
        Ledger another = Ledger.open(PostgresServer.url(folder), folder.resolve("tmp"), PostgresServer.ACCESS);
        open.add(another);
        return another;
    }

    private Source claim(Ledger by, String name) {
        return new Sources(by).claim("acme", Source.Operation.ADD, name, name, AT);
    }

    private static List<LeadIntent> batch(long from, String prefix) {
        return LongStream.range(from, from + BATCH)
                .mapToObj(row -> row(row, prefix + row))
                .toList();
    }

    /** All offer the same leads at the same time. */
    @ParameterizedTest
    @EnumSource(LeadIdentity.Key.class)
    void ofManyWhoPlanTheSameLeadsOneSendsEach(LeadIdentity.Key key) throws Exception {
        int nodes = 4;
        CyclicBarrier together = new CyclicBarrier(nodes);
        AtomicInteger sent = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            Ledger own = node == 0 ? ledger : another();
            Leads leads = LedgerFixture.leads(own, Map.of("acme", new LeadIdentity(key, Duration.ofDays(30))));
            Source source = claim(own, "l" + node + ".csv");
            String prefix = key == LeadIdentity.Key.PHONE ? "n" + node + "-" : "crm-";
            all.add(CompletableFuture.runAsync(() -> {
                for (long from = 1; from <= 5 * BATCH; from += BATCH) {
                    try {
                        together.await();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    sent.addAndGet(leads.plan(source, batch(from, prefix), AT).size());
                }
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }

        assertThat(sent).hasValue(5 * BATCH);
    }

    /** A sink reads on from the last number that it has seen. */
    @Test
    void noEventIsCommittedBehindOneThatASinkHasSeen() throws Exception {
        int writers = 4;
        int events = 150;
        List<Future<?>> all = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            Ledger own = another();
            all.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < events; i++) {
                    own.beside(List.of(), tx -> {
                        tx.events().append(List.of(Event.of("acme", "leads", "{}"), Event.of("acme", "leads", "{}")));
                        return null;
                    });
                }
            }));
        }
        long position = 0;
        int seen = 0;
        while (seen < 2 * writers * events) {
            boolean ended = all.stream().allMatch(Future::isDone);
            long after = position;
            List<Long> next = ledger.read(tx ->
                    tx.sql().list("SELECT seq FROM event WHERE seq > ? ORDER BY seq", row -> row.number(1), after));
            seen += next.size();
            position = next.isEmpty() ? position : next.get(next.size() - 1);
            assertThat(ended && next.isEmpty()).as("events that were missed").isFalse();
        }
        for (Future<?> each : all) {
            each.get();
        }
    }

    /** Neither again, which would tell of it twice, nor forgotten: who asked looks it up. */
    @Test
    void aWorkIsNotRunAgainWhenItsConnectionBreaksAtTheCommit() {
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> ledger.execute(tx -> {
                    runs.incrementAndGet();
                    tx.meta().put("a", "b");
                    long session = tx.sql().number("SELECT pg_backend_pid()");
                    PostgresServer.execute("SELECT pg_terminate_backend(" + session + ")");
                    await().until(() ->
                            PostgresServer.count("SELECT count(*) FROM pg_stat_activity WHERE pid = " + session) == 0);
                }))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("nobody knows");
        assertThat(runs).hasValue(1);
        assertThat(ledger.problem()).isEmpty();
        ledger.execute(tx -> tx.meta().put("a", "c"));
    }

    @Test
    void aWorkWhoseConnectionBreaksBeforeTheCommitIsRunAgain() {
        AtomicInteger runs = new AtomicInteger();
        ledger.execute(tx -> {
            long session = tx.sql().number("SELECT pg_backend_pid()");
            if (runs.incrementAndGet() == 1) {
                PostgresServer.execute("SELECT pg_terminate_backend(" + session + ")");
            }
            tx.meta().put("a", Integer.toString(runs.get()));
        });
        assertThat(runs).hasValue(2);
        Optional<String> kept = ledger.read(tx -> tx.meta().get("a"));
        assertThat(kept).contains("2");
        assertThat(ledger.problem()).isEmpty();
    }

    /** By default a transaction is alone, as in SQLite, also beside those that run side by side. */
    @Test
    void aTransactionIsAloneInTheLedger() throws Exception {
        Ledger other = another();
        CompletableFuture<Void> began = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        CompletableFuture<Void> alone = CompletableFuture.runAsync(() -> ledger.execute(tx -> {
            began.complete(null);
            end.join();
        }));
        began.get();
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> other.beside(List.of("plan/acme"), tx -> null));
        await().until(() ->
                PostgresServer.count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0);
        assertThat(waiting).isNotDone();
        end.complete(null);
        alone.get();
        waiting.get();
    }

    /** Of two that wait for each other one runs again. */
    @Test
    void aDeadlockIsRunAgain() throws ExecutionException, InterruptedException {
        Ledger other = another();
        ledger.execute(tx -> {
            tx.meta().put("a", "0");
            tx.meta().put("b", "0");
        });
        CyclicBarrier together = new CyclicBarrier(2);
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> both(ledger, "a", "b", together, runs));
        CompletableFuture<Void> two = CompletableFuture.runAsync(() -> both(other, "b", "a", together, runs));
        one.get();
        two.get();
        assertThat(runs).hasValue(3);
        assertThat(ledger.problem()).isEmpty();
    }

    private static void both(Ledger ledger, String first, String second, CyclicBarrier together, AtomicInteger runs) {
        ledger.beside(List.of(), tx -> {
            int run = runs.incrementAndGet();
            tx.meta().put(first, "1");
            if (run <= 2) {
                try {
                    together.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            tx.meta().put(second, "1");
            return null;
        });
    }

    /** Half a millisecond a statement: what is asked row by row would take a batch of leads a second. */
    @Test
    void theStatementsOfABatchAreFewHoweverManyRowsItHas() throws ReflectiveOperationException {
        Leads leads = LedgerFixture.leads(
                ledger, Map.of("acme", new LeadIdentity(LeadIdentity.Key.EXTERNAL_ID_OR_PHONE, Duration.ofDays(30))));
        Source source = claim(ledger, "l.csv");
        List<LeadIntent> batch = batch(1, "crm-");
        Statements statements = Statements.of(ledger);
        assertThat(leads.plan(source, batch, AT)).hasSize(BATCH);
        assertThat(statements.executed()).as("of a plan").isLessThanOrEqualTo(7);

        statements = Statements.of(ledger);
        List<Outcome> outcomes =
                batch.stream().map(row -> outcome(row, RowState.ACCEPTED)).toList();
        leads.record(source, outcomes, List.of(), AT);
        assertThat(statements.executed()).as("of a record").isLessThanOrEqualTo(5);
    }

    /** A table that was filled a moment ago has no statistics by which the server would choose an index. */
    @Test
    void keysAreFoundByTheirIndexesInATableWithoutStatistics() {
        PostgresServer.execute(folder, "ALTER TABLE pearl_routes.lead SET (autovacuum_enabled = false)");
        Leads leads = LedgerFixture.leads(
                ledger, Map.of("acme", new LeadIdentity(LeadIdentity.Key.EXTERNAL_ID_OR_PHONE, Duration.ofDays(30))));
        Source source = claim(ledger, "l.csv");
        ledger.execute(tx -> tx.sql()
                .update(
                        "INSERT INTO lead (source_id, row_no, line, outbound, external_id, state, phone, at)"
                                + " SELECT ?, 1000 + n, 1, 'acme', 'old-' || n, 'accepted', decode(md5(n::text), 'hex'), 1"
                                + " FROM generate_series(1, 20000) AS n",
                        source.id()));
        long before = read();
        leads.plan(source, batch(1, "crm-"), AT);
        assertThat(read() - before).isLessThan(1_000);
    }

    /** Rows of table lead that were read so far. */
    private long read() {
        return ledger.transaction(tx -> {
            tx.sql().first("SELECT pg_stat_clear_snapshot()::text", row -> true);
            return tx.sql()
                    .number(
                            "SELECT pg_stat_get_xact_tuples_returned('lead'::regclass)"
                                    + " + pg_stat_get_tuples_returned('lead'::regclass) + pg_stat_get_tuples_fetched('lead'::regclass)");
        });
    }

    @Test
    void textsThatPostgresCannotKeepComeBackAsTheyWere() {
        ledger.execute(tx -> tx.meta().put("nul", "a\0b"));
        Optional<String> kept = ledger.read(tx -> tx.meta().get("nul"));
        assertThat(kept).contains("a\0b");
    }

    @Test
    void bothDatabasesHaveTheSameTables() {
        try (Ledger sqlite = LedgerFixture.sqlite(folder)) {
            List<String> ofSqlite = LedgerFixture.column(
                    sqlite,
                    "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                            + " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'flyway%'");
            List<String> ofPostgres = LedgerFixture.column(
                    ledger,
                    "SELECT table_name || '.' || column_name FROM information_schema.columns"
                            + " WHERE table_schema = current_schema() AND table_name NOT LIKE 'flyway%'");
            assertThat(ofPostgres).containsExactlyInAnyOrderElementsOf(ofSqlite);
            String version = "SELECT max(version) FROM flyway_schema_history";
            assertThat(LedgerFixture.column(ledger, version)).isEqualTo(LedgerFixture.column(sqlite, version));
        }
    }
}
