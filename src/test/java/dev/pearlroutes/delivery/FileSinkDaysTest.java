package dev.pearlroutes.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.config.FileFormat;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.sandbox.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file sink over days, and what is left by deliveries that the ledger took no note of. */
class FileSinkDaysTest {
    @TempDir
    Path data;

    private final MutableClock time = new MutableClock();
    private Ledger ledger;
    private Outbox outbox;
    private SinkFiles files;
    private FileFormat format = FileFormat.JSONL;
    private FileSink sink;

    @BeforeEach
    void open() {
        var mode = PosixFilePermissions.fromString("rw-------");
        ledger = Ledger.open("jdbc:sqlite:" + data.resolve("ledger.sqlite"), data.resolve("tmp"), mode);
        outbox = new Outbox(ledger, Duration.ZERO);
        files = new SinkFiles(ledger);
        Clock clock = time.withZone(ZoneOffset.UTC);
        sink = new FileSink(new DataFolders(data), new AtomicFiles(mode), files, Map.of("acme", format), clock);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void restart() {
        close();
        open();
    }

    @Test
    void eachDayHasItsFile() throws IOException {
        deliver(1, "leads", "calls");
        time.advance(Duration.ofHours(24));
        deliver(3, "leads");

        assertThat(text("leads-2026-03-01")).isEqualTo("{\"event\":1}\n");
        assertThat(text("calls-2026-03-01")).isEqualTo("{\"event\":2}\n");
        assertThat(text("leads-2026-03-02")).isEqualTo("{\"event\":3}\n");
        assertThat(data.resolve("results/acme/calls-2026-03-02.jsonl")).doesNotExist();
    }

    @Test
    void aDayThatIsOverIsForgottenOnceANewOneBegan() throws IOException {
        deliver(1, "leads", "calls");
        time.advance(Duration.ofHours(24));
        deliver(3, "leads");

        assertThat(files.lengths("acme")).isEqualTo(Map.of("leads-2026-03-02.jsonl", 12L));
    }

    @Test
    void aDeliveryThatTheLedgerTookNoNoteOfIsCutOffBeforeItComesAgain() throws IOException {
        deliver(1, "leads");
        sink.write(delivery(2, "leads"));
        deliver(2, "leads");

        assertThat(text("leads-2026-03-01")).isEqualTo("{\"event\":1}\n{\"event\":2}\n");
    }

    @Test
    void soIsTheFirstOfADayAlsoWhenTheNextOneHasBegun() throws IOException {
        sink.write(delivery(1, "leads"));
        restart();
        time.advance(Duration.ofHours(24));
        deliver(1, "leads");

        assertThat(text("leads-2026-03-01")).isEmpty();
        assertThat(text("leads-2026-03-02")).isEqualTo("{\"event\":1}\n");
    }

    @Test
    void aClockThatGoesBackDestroysNothing() throws IOException {
        deliver(1, "leads");
        time.advance(Duration.ofHours(24));
        deliver(2, "leads");
        time.advance(Duration.ofHours(-24));
        restart();
        deliver(3, "leads");

        assertThat(text("leads-2026-03-01")).isEqualTo("{\"event\":1}\n{\"event\":3}\n");
        assertThat(text("leads-2026-03-02")).isEqualTo("{\"event\":2}\n");
    }

    @Test
    void aFileThatBeganAnewIsCutBackToItsOwnLength() throws IOException {
        deliver(1, "leads", "leads", "leads");
        Files.delete(data.resolve("results/acme/leads-2026-03-01.jsonl"));
        sink.write(delivery(4, "leads"));
        restart();
        deliver(4, "leads");

        assertThat(text("leads-2026-03-01")).isEqualTo("{\"event\":4}\n");
    }

    @Test
    void theDayIsThatOfUtc() throws IOException {
        time.advance(Duration.ofHours(14).plusMinutes(59));
        deliver(1, "leads");
        time.advance(Duration.ofMinutes(1));
        deliver(2, "leads");

        assertThat(text("leads-2026-03-01")).isEqualTo("{\"event\":1}\n");
        assertThat(text("leads-2026-03-02")).isEqualTo("{\"event\":2}\n");
    }

    private static final String LEAD = """
            {"id":"e-1","type":"ai.nlpearl.lead.rejected","time":"2026-03-01T09:00:00Z","data":{"outbound":"acme",\
            "phoneNumber":"+12025550100","source":{"file":"a, b.csv","line":7},"reason":"is \\"bad\\""}}""";
    private static final String CALL = """
            {"id":"e-2","type":"ai.nlpearl.call.final","time":"2026-03-01T09:00:00Z","data":{"callId":"c-1","tags":["x"],\
            "duration":24,"status":{"code":7,"name":"NoAnswer"},"final":true,"leadId":null,"summary":"=1+\\r\\n1",\
            "collectedData":{"a":"b"}}}""";

    @Test
    void writesCsvWithAHeaderOnceWhoseCellsAreTheMembers() throws IOException {
        format = FileFormat.CSV;
        restart();
        deliverJson(1, "leads", LEAD);
        deliverJson(2, "calls", CALL);
        sink.write(json(3, "leads", LEAD));
        restart();
        deliverJson(3, "leads", LEAD);

        assertThat(Files.readString(data.resolve("results/acme/leads-2026-03-01.csv"))
                        .split("\n"))
                .containsExactly(
                        "id,type,time,leadId,externalId,phoneNumber,source.file,source.queue,source.messageId,source.line,reason,file,sha256,"
                                + "read,accepted,duplicate,rejected,suppressed,cancelled,unknown,startedAt,finishedAt",
                        "e-1,ai.nlpearl.lead.rejected,2026-03-01T09:00:00Z,,,+12025550100,\"a, b.csv\",,,7,"
                                + "\"is \"\"bad\"\"\",,,,,,,,,,,",
                        "e-1,ai.nlpearl.lead.rejected,2026-03-01T09:00:00Z,,,+12025550100,\"a, b.csv\",,,7,"
                                + "\"is \"\"bad\"\"\",,,,,,,,,,,");
        assertThat(Files.readString(data.resolve("results/acme/calls-2026-03-01.csv"))
                        .split("\n"))
                .containsExactly(
                        "id,type,time,callId,startTime,from,to,duration,status.code,status.name,conversationStatus.code,"
                                + "conversationStatus.name,tags,final,revision,match,leadId,externalId,source.file,"
                                + "source.queue,source.messageId,source.line,summary,transcript,recording,collectedData",
                        "e-2,ai.nlpearl.call.final,2026-03-01T09:00:00Z,c-1,,,,24,7,NoAnswer,,,\"[\"\"x\"\"]\",true,,,,,,,,,"
                                + "=1+ 1,,,\"{\"\"a\"\":\"\"b\"\"}\"");
    }

    @Test
    void aCrashBeforeTheFirstRowDoublesNoHeader() throws IOException {
        format = FileFormat.CSV;
        restart();
        sink.write(json(1, "leads", LEAD));
        restart();
        deliverJson(1, "leads", LEAD);

        assertThat(Files.readAllLines(data.resolve("results/acme/leads-2026-03-01.csv")))
                .hasSize(2);
    }

    @Test
    void theFormatMayChangeAndChangeBackWithinADay() throws IOException {
        deliverJson(1, "leads", LEAD);
        sink.write(json(2, "leads", LEAD));
        format = FileFormat.CSV;
        restart();
        deliverJson(2, "leads", LEAD);
        format = FileFormat.JSONL;
        restart();
        deliverJson(3, "leads", LEAD);

        assertThat(text("leads-2026-03-01")).isEqualTo(LEAD + "\n" + LEAD + "\n");
        assertThat(Files.readAllLines(data.resolve("results/acme/leads-2026-03-01.csv")))
                .hasSize(2);
    }

    private static Delivery json(int seq, String stream, String json) {
        return new Delivery("acme", "file", List.of(new Event(seq, "acme", stream, json)), Map.of());
    }

    private void deliverJson(int seq, String stream, String json) throws IOException {
        Delivery written = sink.write(json(seq, stream, json));
        outbox.delivered(written);
    }

    private void deliver(int seq, String... streams) throws IOException {
        Delivery written = sink.write(delivery(seq, streams));
        outbox.delivered(written);
    }

    private static Delivery delivery(int seq, String... streams) {
        List<Event> events = new ArrayList<>();
        for (String stream : streams) {
            int number = seq + events.size();
            events.add(new Event(number, "acme", stream, "{\"event\":" + number + "}"));
        }
        return new Delivery("acme", "file", events, Map.of());
    }

    private String text(String name) throws IOException {
        return Files.readString(data.resolve("results/acme/" + name + ".jsonl"));
    }
}
