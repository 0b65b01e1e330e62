package dev.pearlroutes.upkeep;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.outcome;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leadership;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.ledger.PostgresServer;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with a ledger in PostgreSQL. */
class PostgresCommandsTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String url;

    @BeforeEach
    void configure() throws IOException {
        url = PostgresServer.newDatabase();
        Files.writeString(
                folder.resolve("application.properties"),
                String.join(
                        "\n",
                        "data.dir=" + folder,
                        "ledger.url=" + url,
                        "ledger.username=postgres",
                        "nlpearl.sandbox=false",
                        "nlpearl.token=account:secret",
                        "outbound.acme.id=ob-1"));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Commands.execute(
                folder.resolve("application.properties"),
                Map.of(),
                new StringReader(""),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments);
    }

    private Ledger open() {
        return Ledger.open(url, folder.resolve("tmp"), PostgresServer.ACCESS);
    }

    /** A ledger in a file, with a lead of each kind of number and time. */
    private String file() {
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            Source source = new Sources(ledger).claim("acme", Source.Operation.ADD, "l.csv", "l.csv", AT);
            ledger.execute(tx -> tx.sources().scanned(source.id(), 3, "00", null, null));
            Leads leads = LedgerFixture.leads(ledger);
            leads.plan(source, List.of(row(1, "crm-1"), row(2, "crm-2"), row(3, "crm-\0-3")), AT);
            leads.record(
                    source,
                    List.of(outcome(row(1, "crm-1"), RowState.ACCEPTED), outcome(row(2, "crm-2"), RowState.UNKNOWN)),
                    List.of(),
                    AT);
            Source gone = new Sources(ledger).claim("acme", Source.Operation.ADD, "gone.csv", "gone.csv", AT);
            ledger.execute(tx -> tx.sources().delete(gone.id()));
        }
        return folder.resolve("ledger.sqlite").toString();
    }

    @Test
    void aLedgerInAFileIsCopiedWhole() {
        String file = file();
        assertThat(run("migrate", file)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("source: 1").contains("lead: 3").contains("event: 2");

        try (Ledger copy = open();
                Ledger original = LedgerFixture.sqlite(folder)) {
            assertThat(copy.id()).isEqualTo(original.id());
            for (String question : List.of(
                    "SELECT external_id || ' ' || state || ' ' || hex(phone) || ' ' || at FROM lead ORDER BY row_no",
                    "SELECT seq || json FROM event ORDER BY seq",
                    "SELECT id || name FROM source")) {
                String asked = question.replace("hex(phone)", "upper(encode(phone, 'hex'))");
                assertThat(LedgerFixture.column(copy, asked).stream().map(text -> text.replace('\uFDD0', '\0')))
                        .containsExactlyElementsOf(LedgerFixture.column(original, question));
            }
            Source next = new Sources(copy).claim("acme", Source.Operation.ADD, "n.csv", "n.csv", AT);
            assertThat(next.id()).as("a number is never given again").isEqualTo(3);
        }
        assertThat(run("check")).as(out.toString()).isZero();
        assertThat(run("migrate", file)).isEqualTo(1);
        assertThat(err.toString()).contains("is not empty");
    }

    @Test
    void nothingIsCopiedWhileAProcessHasOneOfTheLedgers() throws InterruptedException {
        String file = file();
        try (Ledger ledger = LedgerFixture.sqlite(folder)) {
            assertThat(ledger.problem()).isEmpty();
            assertThat(run("migrate", file)).isEqualTo(1);
            assertThat(err.toString()).contains("another pearl-routes process works on the ledger");
        }
        try (Ledger node = open();
                Leadership leadership = node.share().orElseThrow()) {
            lead(leadership);
            for (String[] command :
                    new String[][] {{"migrate", file}, {"erase", "--external-id", "crm-1"}, {"accept-ledger"}}) {
                assertThat(run(command)).as(command[0]).isEqualTo(1);
                assertThat(err.toString()).contains("another pearl-routes process works on the ledger");
            }
            assertThat(run("unknown", "list")).as(err.toString()).isZero();
        }
        assertThat(run("migrate", file)).as(err.toString()).isZero();
    }

    private static void lead(Leadership leadership) throws InterruptedException {
        CountDownLatch leads = new CountDownLatch(1);
        leadership.begin(new Leadership.Listener() {
            @Override
            public void onLeading() {
                leads.countDown();
            }

            @Override
            public void onLost() {
                throw new IllegalStateException("nobody else leads");
            }
        });
        leads.await();
    }

    @Test
    void whatTheServersToolsDoIsNamedInstead() {
        open().close();
        assertThat(run("backup", folder.resolve("copy").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("pg_dump --format=custom --schema=pearl_routes");
        assertThat(run("check")).isZero();
        assertThat(out.toString()).contains("pg_amcheck").contains("Sound: 0 files");
    }

    @Test
    void aPersonIsErased() {
        assertThat(run("migrate", file())).as(err.toString()).isZero();
        assertThat(run("erase", "--external-id", "crm-1")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("Erased").contains("dumps");
        try (Ledger ledger = open()) {
            assertThat(LedgerFixture.column(ledger, "SELECT reason FROM lead WHERE row_no = 1"))
                    .containsExactly("erased");
        }
    }
}
