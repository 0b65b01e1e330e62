package speed;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.sending.IntentPlanner;
import dev.pearlroutes.sending.PromisedKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A ledger that has grown: this many leads were accepted before. */
final class LedgerSize {
    static final String OUTBOUND = "bench";

    private static final int BATCHES = 200;
    private static final int BATCH = 64;

    private final Path file;
    private final Path scratch;
    private final long leads;

    private LedgerSize(Path folder, long leads) {
        this.file = folder.resolve("ledger-" + leads + ".sqlite");
        this.scratch = folder.resolve("scratch");
        this.leads = leads;
    }

    /** Makes the ledger, or takes the one that an earlier run has left in the folder. */
    static LedgerSize of(Path folder, long leads) throws IOException {
        LedgerSize size = new LedgerSize(Files.createDirectories(folder), leads);
        if (Files.notExists(size.file)) {
            size.open().close();
            size.change(size::fill);
        }
        return size;
    }

    String url() {
        return "jdbc:sqlite:" + file;
    }

    private Ledger open() {
        return Ledger.open(url(), scratch, PosixFilePermissions.fromString("rw-------"));
    }

    @FunctionalInterface
    private interface Change {
        void in(Connection c) throws SQLException;
    }

    /** Changes the ledger's file while the ledger is closed. */
    private void change(Change change) throws IOException {
        try (Connection c = DriverManager.getConnection(url())) {
            c.setAutoCommit(false);
            change.in(c);
            c.commit();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Its indexes are built when all is in: in the order of hashes row by row it would take hours. */
    private void fill(Connection c) throws SQLException {
        try (Statement sql = c.createStatement()) {
            List<String> names = new ArrayList<>();
            List<String> indexes = new ArrayList<>();
            try (ResultSet index = sql.executeQuery("SELECT name, sql FROM sqlite_master"
                    + " WHERE type = 'index' AND tbl_name = 'lead' AND sql IS NOT NULL")) {
                while (index.next()) {
                    names.add(index.getString(1));
                    indexes.add(index.getString(2));
                }
            }
            for (String name : names) {
                sql.execute("DROP INDEX " + name);
            }
            sql.execute("INSERT INTO source (id, outbound, operation, name, dropped_as, state, sha256, row_count, started_at,"
                    + " finished_at) VALUES (1, '" + OUTBOUND + "', 'add', 'old.csv', 'old.csv', 'finished', 'x', " + leads
                    + ", 0, 0)");
            sql.execute("INSERT INTO lead (source_id, row_no, line, outbound, external_id, state, lead_id, content, phone, at)"
                    + " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + leads + ")"
                    + " SELECT 1, i, i + 1, '" + OUTBOUND + "', printf('old-%09d', i), 'accepted', printf('%024x', i),"
                    + " randomblob(16), randomblob(16), i FROM n");
            for (String index : indexes) {
                sql.execute(index);
            }
        }
    }

    /** What it takes to make a batch of new leads durable, in ms: the median, with the ledger in the operating system's memory. */
    double planMillis() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        double[] millis = new double[BATCHES];
        long planned;
        try (Ledger ledger = open()) {
            Sources sources = new Sources(ledger);
            Source source = sources.claim(OUTBOUND, Source.Operation.ADD, "new.csv", "new.csv", Instant.now());
            planned = source.id();
            IntentPlanner planner = new IntentPlanner(ledger, new Events(Clock.systemUTC()), Map.of(), new PromisedKeys());
            Random random = new Random(1);
            for (int batch = 0; batch < BATCHES; batch++) {
                List<LeadIntent> rows = batch(batch, random);
                long before = System.nanoTime();
                planner.plan(source, rows, Instant.now());
                millis[batch] = (System.nanoTime() - before) / 1e6;
            }
        }
        change(c -> forget(c, planned));
        Arrays.sort(millis);
        return millis[BATCHES / 2];
    }

    /** Their keys lie between those that are there. */
    private List<LeadIntent> batch(int number, Random random) {
        List<LeadIntent> rows = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            long row = (long) number * BATCH + i + 1;
            long neighbour = (long) (random.nextDouble() * leads);
            String externalId = "old-%09d-%d".formatted(neighbour, row);
            rows.add(new LeadIntent(row, row + 1, externalId, LeadFile.phoneNumber(row), LeadFile.json(row), null));
        }
        return rows;
    }

    private static void forget(Connection c, long sourceId) throws SQLException {
        try (Statement sql = c.createStatement()) {
            sql.execute("DELETE FROM lead WHERE source_id = " + sourceId);
            sql.execute("DELETE FROM source WHERE id = " + sourceId);
        }
    }
}
