package dev.pearlroutes.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.calls.CallEvents;
import dev.pearlroutes.calls.CallRecorder;
import dev.pearlroutes.calls.OpenCalls;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerChanges;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.ledger.tables.SourceTable.Outdated;
import dev.pearlroutes.mapping.Mappers;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowResult;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UpdateResult;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.rows.ReadOptions;
import dev.pearlroutes.updates.UpdateRecorder;
import dev.pearlroutes.upkeep.Erasure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When outcomes files are rewritten, and when not. */
class OutcomeFilesTest {
    private static final String OUTBOUND = "acme";

    @TempDir
    private Path data;

    private final SteppingClock clock = new SteppingClock();
    private Ledger ledger;
    private DataFolders folders;
    private FileIntake fileIntake;
    private Sources sources;
    private OutcomeFiles outcomeFiles;
    private Source source;
    private Path done;
    private Shutdown shutdown = new Shutdown(Clock.systemUTC());

    /** Goes on by itself at each look, which stands for the time that a writing takes. */
    private static final class SteppingClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T10:00:00Z");
        private Duration step = Duration.ZERO;

        @Override
        public Instant instant() {
            Instant shown = now;
            now = now.plus(step);
            return shown;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void finish() throws IOException {
        folders = new DataFolders(data);
        folders.make(OUTBOUND);
        ledger = Ledger.open(
                "jdbc:sqlite:" + data.resolve("ledger.db"),
                folders.scratch(),
                PosixFilePermissions.fromString("rw-------"));
        sources = new Sources(ledger);
        fileIntake = new FileIntake(
                folders,
                sources,
                new Mappers(Map.of()),
                Map.of(OUTBOUND, ReadOptions.utf8(folders.scratch())),
                new QuietFiles(Duration.ZERO),
                Clock.systemUTC());
        outcomeFiles = outcomeFiles();
        source = finished("l.jsonl", 1_200);
        done = folders.done(OUTBOUND).resolve("l.jsonl");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private OutcomeFiles outcomeFiles() {
        return new OutcomeFiles(
                folders,
                new AtomicFiles(PosixFilePermissions.fromString("rw-------")),
                fileIntake,
                new RowResults(ledger),
                shutdown,
                clock);
    }

    /** A source of accepted rows that is over, its outcomes file not written yet. */
    private Source finished(String name, long rows) throws IOException {
        Source claimed = sources.claim(OUTBOUND, Source.Operation.ADD, name, name, clock.now);
        Files.writeString(
                folders.done(OUTBOUND).resolve(name),
                LongStream.rangeClosed(1, rows)
                        .mapToObj(row -> "{\"phoneNumber\":\"+1212555" + (1000 + row) + "\"}\n")
                        .collect(Collectors.joining()));
        fileIntake.scan(claimed.id());
        Leads leads = new Leads(ledger);
        List<LeadIntent> intents = LongStream.rangeClosed(1, rows)
                .mapToObj(row -> new LeadIntent(row, row, name + row, "+1212555" + (1000 + row), "{}", null))
                .toList();
        leads.plan(claimed, intents, clock.now);
        leads.record(
                claimed,
                intents.stream()
                        .map(intent -> new Outcome(
                                intent.row(),
                                intent.line(),
                                RowState.ACCEPTED,
                                intent.externalId(),
                                "lead-" + intent.row(),
                                null,
                                intent.phoneNumber()))
                        .toList(),
                List.of(),
                clock.now);
        sources.finishing(claimed.id(), clock.now, null);
        sources.finished(claimed.id(), Event.of(OUTBOUND, "leads", "{}"));
        return sources.find(claimed.id()).orElseThrow();
    }

    private void change(String sql) {
        LedgerChanges.change(ledger, sql);
    }

    /** A call to a row becomes known. */
    private void call(long row, int status, boolean isFinal) {
        change("INSERT OR REPLACE INTO call_outcome (source_id, row_no, call_id, status, final, attempts) VALUES ("
                + source.id() + ", " + row + ", 'call', " + status + ", " + isFinal + ", 1)");
        change("UPDATE source SET outcomes_at = coalesce(outcomes_at, 0) + 1 WHERE id = " + source.id());
    }

    /** One turn of the route. @return how many files it was about */
    private int turn() {
        List<Outdated> due = outcomeFiles.due();
        due.forEach(outcomeFiles::refresh);
        return due.size();
    }

    private Path beside(String ending) {
        return done.resolveSibling(done.getFileName() + ending);
    }

    private String line(int row) throws IOException {
        return Files.readAllLines(beside(".outcomes.jsonl")).get(row - 1);
    }

    @Test
    void aChangeIsWrittenAtOnceAndTheNextAfterAWhile() throws IOException {
        assertThat(turn()).as("nothing changed").isZero();
        call(1, 10, false);
        assertThat(turn()).isEqualTo(1);
        assertThat(Files.readAllLines(beside(".outcomes.jsonl"))).hasSize(1_200);
        assertThat(line(1)).contains("\"status\":\"NeedRetry\"");
        assertThat(line(2)).contains("\"status\":\"accepted\"");

        call(2, 77, false);
        clock.now = clock.now.plus(Duration.ofSeconds(30)).minusMillis(1);
        assertThat(turn()).isZero();
        clock.now = clock.now.plusMillis(1);
        assertThat(turn()).isEqualTo(1);
        assertThat(line(2)).contains("\"status\":\"77\"");
        clock.now = clock.now.plus(Duration.ofHours(1));
        assertThat(turn()).as("nothing changed since").isZero();
    }

    @Test
    void aFileThatTakesLongRestsLonger() throws IOException {
        call(1, 10, false);
        List<Outdated> due = outcomeFiles.due();
        clock.step = Duration.ofSeconds(10);
        outcomeFiles.refresh(due.get(0));
        clock.step = Duration.ZERO;

        call(2, 10, false);
        clock.now = clock.now.plus(Duration.ofSeconds(180));
        assertThat(turn()).isZero();
        clock.now = clock.now.plus(Duration.ofSeconds(20));
        assertThat(turn()).isEqualTo(1);
    }

    @Test
    void whatAStopCutOffIsWrittenAtTheNextStart() throws IOException {
        call(1_200, 100, true);
        shutdown.begin();
        turn();
        try (Stream<Path> left = Files.list(folders.done(OUTBOUND))) {
            assertThat(left.filter(Files::isRegularFile))
                    .as("nothing half-written is left")
                    .containsExactly(done);
        }

        shutdown = new Shutdown(Clock.systemUTC());
        outcomeFiles = outcomeFiles();
        turn();
        assertThat(line(1_200)).contains("\"status\":\"Success\"");
    }

    @Test
    void aFileThatCannotBeWrittenIsNamedAndWrittenWhenItCanBe() throws IOException {
        Path inTheWay = Files.createDirectories(beside(".outcomes.jsonl").resolve("in-the-way"));
        call(1, 100, true);
        turn();
        assertThat(outcomeFiles.problems())
                .singleElement()
                .asString()
                .contains("the outcomes of l.jsonl of acme cannot be written", "l.jsonl.outcomes.jsonl");

        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        clock.now = clock.now.plusSeconds(30);
        turn();
        assertThat(outcomeFiles.problems()).isEmpty();
        assertThat(line(1)).contains("\"status\":\"Success\"");
    }

    @Test
    void aSourceWhoseFileWasTakenAwayIsNotTriedForEver() throws IOException {
        Files.delete(done);
        call(1, 100, true);
        assertThat(turn()).isEqualTo(1);
        clock.now = clock.now.plus(Duration.ofHours(1));
        assertThat(turn()).isZero();
        assertThat(outcomeFiles.problems()).isEmpty();

        Files.writeString(done, "{\"phoneNumber\":\"another's\"}\n");
        call(2, 100, true);
        assertThat(turn()).isEqualTo(1);
        assertThat(beside(".outcomes.jsonl")).doesNotExist();
    }

    @Test
    void theMarkIsThereExactlyWhileNoRowIsExpectedToChange() throws IOException {
        source = finished("two.jsonl", 2);
        done = folders.done(OUTBOUND).resolve("two.jsonl");
        call(1, 100, true);
        turn();
        assertThat(beside(".outcomes.complete")).doesNotExist();

        clock.now = clock.now.plusSeconds(30);
        call(2, 150, true);
        turn();
        assertThat(beside(".outcomes.complete")).isEmptyFile();

        clock.now = clock.now.plusSeconds(30);
        call(2, 10, false);
        turn();
        assertThat(beside(".outcomes.complete")).doesNotExist();
        assertThat(line(2)).contains("\"final\":false");
    }

    @Test
    void filesOfUpdatesHaveNone() {
        change("UPDATE source SET operation = 'update'");
        new Erasure(ledger).erase(List.of(new Erasure.Rows(source, Set.of(1L), null)), clock.now);
        assertThat(turn()).isZero();
        change("UPDATE source SET operation = 'add'");
        new Erasure(ledger).erase(List.of(new Erasure.Rows(source, Set.of(1L), null)), clock.now);
        assertThat(turn()).isEqualTo(1);
    }

    @Test
    void whatChangesWhileTheFileIsWrittenIsWrittenNext() {
        call(1, 10, false);
        List<Outdated> due = outcomeFiles.due();
        call(2, 10, false);
        due.forEach(outcomeFiles::refresh);

        clock.now = clock.now.plusSeconds(30);
        assertThat(turn()).isEqualTo(1);
    }

    // --- stopped leads ---

    private int updates;

    private void update(Source.Operation operation, String leadId, int status, RowState state) {
        UpdateRecorder recorder = new UpdateRecorder(ledger, new Events(clock), Leads.listeners(ledger));
        Source update = sources.claim(OUTBOUND, operation, "u" + ++updates, "u.csv", clock.now);
        LeadChange row = new LeadChange(1, 2, leadId, null, null, null, null, status, null);
        recorder.record(
                update,
                List.of(new UpdateResult(
                        row,
                        new Outcome(1, 2, state, null, leadId, state == RowState.REJECTED ? "refused" : null, null),
                        Map.of())),
                clock.now);
    }

    /** File, line and reason of each event of a stopped lead. */
    private List<String> stopped() {
        return LedgerFixture.column(
                ledger,
                "SELECT json ->> '$.data.source.file' || ' ' || (json ->> '$.data.source.line') || ': '"
                        + " || (json ->> '$.data.reason') FROM event"
                        + " WHERE json ->> '$.type' = 'ai.nlpearl.lead.stopped' ORDER BY seq");
    }

    private void readCalls(Instant until) {
        new CallRecorder(ledger, new CallEvents(List.of(), new Events(clock))).moveCursor(OUTBOUND, until);
        clock.now = clock.now.plusSeconds(30);
    }

    @Test
    void aStoppedLeadIsFinalOnceTheCallsWereReadForAWhileAfterwardsAndAreOver() throws IOException {
        change("DELETE FROM lead");
        source = finished("two.jsonl", 2);
        done = folders.done(OUTBOUND).resolve("two.jsonl");
        change(
                "INSERT INTO call (outbound, call_id, revision, final, fingerprint, source_id, row_no, read_at) VALUES ('"
                        + OUTBOUND + "', 'open', 1, 0, 'a', " + source.id() + ", 2, 1)");
        Instant stop = clock.now;
        update(Source.Operation.RECALL, "lead-1", 130, RowState.UPDATED);
        update(Source.Operation.UPDATE, "lead-2", 130, RowState.UPDATED);
        assertThat(stopped())
                .containsExactly(
                        "two.jsonl 1: its file was recalled", "two.jsonl 2: an update set its status to Completed");
        turn();
        assertThat(line(1)).contains("\"status\":\"stopped\",\"final\":false");

        readCalls(stop.plus(RowResult.STOP_TAKES_EFFECT).minusMillis(1));
        assertThat(turn()).as("nothing new").isZero();
        readCalls(stop.plus(RowResult.STOP_TAKES_EFFECT));
        assertThat(turn()).isEqualTo(1);
        assertThat(line(1)).contains("\"status\":\"stopped\",\"final\":true");
        assertThat(line(2)).as("its call is in progress").contains("\"status\":\"stopped\",\"final\":false");
        assertThat(beside(".outcomes.complete")).doesNotExist();

        for (int i = 0; i < 3; i++) {
            new OpenCalls(ledger).absent(OUTBOUND, "open", clock.now);
        }
        clock.now = clock.now.plusSeconds(30);
        turn();
        assertThat(line(2)).contains("\"final\":true");
        assertThat(beside(".outcomes.complete")).exists();

        clock.now = clock.now.plusSeconds(30);
        update(Source.Operation.UPDATE, "lead-1", 1, RowState.UPDATED);
        turn();
        assertThat(line(1)).contains("\"status\":\"accepted\",\"final\":false");
        assertThat(beside(".outcomes.complete")).doesNotExist();
        assertThat(stopped()).hasSize(2);
    }

    @Test
    void aStoppedLeadKeepsWhatItsLastCallCameTo() throws IOException {
        call(1, 10, false);
        call(2, 100, true);
        for (int row = 1; row <= 3; row++) {
            update(Source.Operation.SUPPRESS, "lead-" + row, 130, row < 3 ? RowState.UPDATED : RowState.REJECTED);
        }
        readCalls(clock.now.plus(Duration.ofDays(1)));
        turn();

        assertThat(line(1)).contains("\"status\":\"stopped\",\"final\":true,\"callId\":\"call\"");
        assertThat(line(2)).contains("\"status\":\"Success\",\"final\":true");
        assertThat(line(3)).as("the API refused").contains("\"status\":\"accepted\",\"final\":false");
        assertThat(stopped()).hasSize(2);
    }
}
