package dev.pearlroutes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.model.FinalStatuses;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.ReleaseRate;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a right configuration becomes. */
class ConfigurationTest {
    /** That of the examples of Standard Webhooks. */
    private static final String WEBHOOK_SECRET = "kT3-9_xYq0LmVb7Rz2Wd";

    private static final String SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @TempDir
    Path folder;

    @Test
    void oneOutboundIdIsEnough() throws IOException {
        Settings settings = load("outbound.demo.id=abc", Map.of());

        Path data = Path.of("data/sandbox").toAbsolutePath();
        assertThat(settings)
                .isEqualTo(new Settings(
                        data,
                        true,
                        URI.create("https://api.nlpearl.ai"),
                        null,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        32,
                        50,
                        Duration.ofMinutes(5),
                        BigDecimal.ZERO,
                        new FinalStatuses(
                                Set.of(4, 5, 6, 7),
                                Set.of(10, 30, 70, 100, 110, 130, 150, 220),
                                Set.of(30, 100, 110, 130, 150, 220)),
                        UnknownPolicy.RESEND_IF_ABSENT,
                        Duration.ofSeconds(60),
                        4,
                        Set.of(),
                        "jdbc:sqlite:" + data.resolve("ledger.sqlite"),
                        new LedgerAccess(null, null, 8, Duration.ofSeconds(10), RuntimeHost.name()),
                        null,
                        new Jms("embedded", null, null, 61_616, false, 4, "nlpearl.dead-letter"),
                        new Http("127.0.0.1", 8080, false, null, null, Set.of(), null, null),
                        PosixFilePermissions.fromString("rw-------"),
                        Duration.ofSeconds(2),
                        Duration.ofDays(30),
                        new Ops(List.of(), null, "nlpearl.ops", Map.of(), null),
                        List.of(new Outbound(
                                "demo",
                                "abc",
                                new Outbound.SearchCalls(
                                        "0 0/5 * * * ?", Duration.ofHours(24), null, 100, List.of(), List.of(), null),
                                null,
                                Set.of(
                                        "from",
                                        "to",
                                        "duration",
                                        "tags",
                                        "summary",
                                        "transcript",
                                        "recording",
                                        "collectedData"),
                                List.of("file"),
                                FileFormat.JSONL,
                                null,
                                null,
                                "nlpearl.results.demo",
                                "nlpearl.leads.demo",
                                null,
                                false,
                                LeadIdentity.DEFAULT,
                                null,
                                new Outbound.Limits(Set.of(), 0, 0, null),
                                null,
                                StandardCharsets.UTF_8,
                                null)),
                        Map.of(),
                        List.of()));
    }

    @Test
    void everyKeyIsTyped() throws IOException {
        Files.createDirectory(folder.resolve("mappings"));
        Files.createFile(folder.resolve("mappings/de.properties"));

        Settings settings = load("""
                data.dir=/srv/pearl
                nlpearl.sandbox=FALSE
                nlpearl.token=acct:s3cret/+=
                nlpearl.base-url=https://eu.example.com/pearl/
                nlpearl.connect-timeout=500ms
                nlpearl.response-timeout=2m
                nlpearl.max-in-flight=1
                nlpearl.max-per-second=0
                leads.unknown-policy=hold
                leads.settle-time=1h
                leads.files-at-once=8
                leads.extra-time-zones=Türkiye Standard Time, \\
                    Mars Standard Time,
                ledger.url=jdbc:sqlite:/srv/ledger.db
                http.port=0
                files.mode=0640
                files.quiet-time=30s
                results.keep-events=0
                outbound.de.north-1.id=id_1
                outbound.de.north-1.search-calls.cron=0 0 8-20 ? * MON-FRI
                outbound.de.north-1.search-calls.lookback=7d
                outbound.de.north-1.search-calls.start=2026-11-30
                outbound.de.north-1.search-calls.page-size=20
                outbound.de.north-1.search-calls.tags=hot, cold, hot
                outbound.de.north-1.search-calls.statuses=success, 130, NotSuccessfull, 7
                outbound.de.north-1.search-calls.search-input=  two words \s
                outbound.de.north-1.silent-after=72h
                outbound.de.north-1.result-fields=summary, duration
                outbound.de.north-1.sinks=file,http,file
                outbound.de.north-1.file-sink.format=CSV
                outbound.de.north-1.http-sink.url=https://crm.example.com:8443/a%2Fb?sig=x%3D
                outbound.de.north-1.http-sink.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                outbound.de.north-1.webhook-secret=kT3-9_xYq0LmVb7Rz2Wd
                nlpearl.final-call-statuses=completed, 5, 2
                nlpearl.final-conversation-statuses=Success, error
                nlpearl.final-lead-statuses=Success, 300
                outbound.de.north-1.default-region=de
                outbound.de.north-1.identity=External-Id+Phone
                outbound.de.north-1.identity-window=30d
                outbound.de.north-1.mapping=mappings/de.properties
                outbound.de.north-1.required-variables=firstName, balance
                outbound.de.north-1.max-leads-per-file=1000
                outbound.de.north-1.max-leads-per-day=5000
                outbound.de.north-1.release=500 / day
                outbound.de.north-1.time-zone-from-number=true
                outbound.de.north-1.suppression-max-age=2d
                outbound.de.north-1.charset=windows-1252
                outbound.de.north-1.sheet=Kunden 2026
                camel.main.name : mine
                """, Map.of());

        assertThat(settings.dataDir()).isEqualTo(Path.of("/srv/pearl").toAbsolutePath());
        assertThat(settings.sandbox()).isFalse();
        assertThat(settings.token().reveal()).isEqualTo("acct:s3cret/+=");
        assertThat(settings.baseUrl()).isEqualTo(URI.create("https://eu.example.com/pearl"));
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.responseTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.maxInFlight()).isEqualTo(1);
        assertThat(settings.maxPerSecond()).isZero();
        assertThat(settings.finalStatuses())
                .isEqualTo(new FinalStatuses(Set.of(4, 5, 2), Set.of(100, 500), Set.of(100, 300)));
        assertThat(settings.unknownPolicy()).isEqualTo(UnknownPolicy.HOLD);
        assertThat(settings.settleTime()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.filesAtOnce()).isEqualTo(8);
        assertThat(settings.extraTimeZones()).containsExactly("Türkiye Standard Time", "Mars Standard Time");
        assertThat(settings.ledgerUrl()).isEqualTo("jdbc:sqlite:/srv/ledger.db");
        assertThat(settings.http().port()).isZero();
        assertThat(settings.http().portChosen()).isTrue();
        assertThat(settings.filesMode()).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        assertThat(settings.keepEvents()).isZero();
        assertThat(settings.camel()).isEqualTo(Map.of("camel.main.name", "mine"));
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.outbounds())
                .containsExactly(new Outbound(
                        "de.north-1",
                        "id_1",
                        new Outbound.SearchCalls(
                                "0 0 8-20 ? * MON-FRI",
                                Duration.ofDays(7),
                                Instant.parse("2026-11-30T00:00:00Z"),
                                20,
                                List.of("hot", "cold"),
                                List.of(100, 130, 110, 7),
                                "two words"),
                        Duration.ofHours(72),
                        Set.of("duration", "summary"),
                        List.of("file", "http"),
                        FileFormat.CSV,
                        new HttpTarget(
                                URI.create("https://crm.example.com:8443/a%2Fb?sig=x%3D"), new Secret(SIGNING_SECRET)),
                        new Secret(WEBHOOK_SECRET),
                        "nlpearl.results.de.north-1",
                        "nlpearl.leads.de.north-1",
                        "DE",
                        true,
                        new LeadIdentity(LeadIdentity.Key.EXTERNAL_ID_OR_PHONE, Duration.ofDays(30)),
                        folder.resolve("mappings/de.properties").toAbsolutePath(),
                        new Outbound.Limits(
                                Set.of("firstName", "balance"), 1_000, 5_000, new ReleaseRate(500, Duration.ofDays(1))),
                        Duration.ofDays(2),
                        Charset.forName("windows-1252"),
                        "Kunden 2026"));
    }

    @Test
    void theEnvironmentWinsForEveryKindOfKey() throws IOException {
        Settings settings = load(
                "data.dir=one\noutbound.de.north-1.id=abc\noutbound.de.north-1.search-calls.cron=0 0 9 * * ?",
                Map.of(
                        "DATA_DIR", "/two",
                        "HTTP_PORT", " 9090 ",
                        "OUTBOUND_DE_NORTH_1_SEARCH_CALLS_CRON", "0 0 7 * * ?"));

        assertThat(settings.dataDir()).isEqualTo(Path.of("/two/sandbox").toAbsolutePath());
        assertThat(settings.http().port()).isEqualTo(9090);
        assertThat(settings.outbounds().get(0).searchCalls().cron()).isEqualTo("0 0 7 * * ?");
    }

    @Test
    void anOutboundMayStandInTheEnvironmentAlone() throws IOException {
        Settings settings = load(
                "", Map.of("OUTBOUND_NORTH_ID", "n1", "OUTBOUND_NORTH_DEFAULT_REGION", "GB", "OUTBOUND_EAST_ID", "e1"));

        assertThat(settings.outbounds()).extracting(Outbound::name).containsExactly("east", "north");
        assertThat(settings.outbounds().get(1).defaultRegion()).isEqualTo("GB");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void anEmptyValueIsTheDefaultAndAnEmptyVariableIsNone() throws IOException {
        Settings settings = load(
                "http.port=\nleads.settle-time=5s\noutbound.a.id=x\noutbound.a.sinks= ",
                Map.of("LEADS_SETTLE_TIME", "", "OUTBOUND_GONE_ID", ""));

        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.http().portChosen()).isFalse();
        assertThat(settings.settleTime()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.outbounds())
                .singleElement()
                .extracting(Outbound::sinks)
                .isEqualTo(List.of("file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8089", "http://127.0.0.1:1", "HTTP://[::1]:80/", "https://host:8443/a/b"})
    void addressesThatKeepTheTokenSafe(String url) throws IOException {
        Settings settings =
                load("nlpearl.sandbox=false\nnlpearl.token=a:b\noutbound.a.id=x\nnlpearl.base-url=" + url, Map.of());

        assertThat(settings.baseUrl().toString()).isEqualTo(url.replaceFirst("/$", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A.b_c-d", "9", "com10", "console", "de.search-calls"})
    void namesThatAreFoldersEverywhere(String name) throws IOException {
        assertThat(load("outbound." + name + ".id=x", Map.of())
                        .outbounds()
                        .get(0)
                        .name())
                .isEqualTo(name);
    }

    @Test
    void variablesThatLookLikeOursAreWarnedAboutWithoutTheirValue() throws IOException {
        Settings settings = load(
                "outbound.demo.id=x\nnlpearl.base-url=https://example.com\nledger.url=jdbc:sqlite:l.db",
                Map.of(
                        "NLPEARL_TOKN",
                        "a:hidden",
                        "OUTBOUND_DEMO_SINK",
                        "hidden",
                        "PATH",
                        "hidden",
                        "HTTP_PROXY",
                        "hidden"));

        assertThat(settings.warnings())
                .containsExactly(
                        "The environment variable NLPEARL_TOKN sets no key and is ignored; the nearest one that does is"
                                + " NLPEARL_TOKEN",
                        "The environment variable OUTBOUND_DEMO_SINK sets no key and is ignored; the nearest one that does is"
                                + " OUTBOUND_DEMO_SINKS; an outbound of the environment alone needs its OUTBOUND_<NAME>_ID",
                        "nlpearl.base-url is not used, since nlpearl.sandbox is true",
                        "ledger.url is used by the sandbox: it must not be the ledger of real leads");
    }

    @Test
    void relativePathsOfDataAreSeenFromTheBase() throws IOException {
        Path file = folder.resolve("application.properties");
        Path base = folder.resolve("base");
        Files.writeString(file, "outbound.demo.id=x\n");
        Settings byDefault = Configuration.load(file, Map.of(), RuntimeHost.esb(base));
        assertThat(byDefault.dataDir()).isEqualTo(base.resolve("data/sandbox"));
        assertThat(byDefault.ledgerUrl()).isEqualTo("jdbc:sqlite:" + base.resolve("data/sandbox/ledger.sqlite"));

        Files.writeString(file, "outbound.demo.id=x\ndata.dir=leads\nledger.url=jdbc:sqlite:ledgers/l.db\n");
        Settings relative = Configuration.load(file, Map.of(), RuntimeHost.esb(base));
        assertThat(relative.dataDir()).isEqualTo(base.resolve("leads/sandbox"));
        assertThat(relative.ledgerUrl()).isEqualTo("jdbc:sqlite:" + base.resolve("ledgers/l.db"));

        Settings absolute = Configuration.load(
                file, Map.of("DATA_DIR", folder.resolve("elsewhere").toString()), RuntimeHost.esb(base));
        assertThat(absolute.dataDir()).isEqualTo(folder.resolve("elsewhere/sandbox"));
    }

    @Test
    void anEsbHasABrokerOfItsOwn() throws IOException {
        Path file = folder.resolve("application.properties");
        Files.writeString(file, "outbound.demo.id=x\n");
        assertThat(Configuration.load(file, Map.of()).jms().embedded()).isTrue();
        assertThat(Configuration.load(file, Map.of(), RuntimeHost.esb(folder))
                        .jms()
                        .on())
                .isFalse();

        Files.writeString(file, "outbound.demo.id=x\njms.broker-url=embedded\n");
        assertThatThrownBy(() -> Configuration.load(file, Map.of(), RuntimeHost.esb(folder)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("jms.broker-url (environment variable JMS_BROKER_URL), " + file
                        + " line 2: an ESB has a broker of its own: write its address, such as tcp://broker:61616, or delete the"
                        + " line to have no queues");
    }

    @Test
    void theFileMustBeThereAndBeText() throws IOException {
        Path file = folder.resolve("application.properties");
        assertThatThrownBy(() -> Configuration.load(file, Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "There is no configuration file " + file
                                + ": put application.properties there, or name its folder by the environment variable CONFIG_DIR");

        Files.write(file, new byte[] {'#', (byte) 0xE9, '\n'});
        assertThatThrownBy(() -> Configuration.load(file, Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + " is not UTF-8 text: save it in that encoding");
    }

    @Test
    void aSecretAndTheSettingsDoNotTellThemselves() throws IOException {
        Settings settings = load(
                "nlpearl.sandbox=false\nnlpearl.token=acct:hidden\noutbound.a.id=x\ncamel.ssl.password=hidden",
                Map.of());

        assertThat(settings.token()).hasToString("***");
        assertThat(settings.toString()).doesNotContain("hidden");
    }

    private Settings load(String text, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(folder.resolve("application.properties"), text);
        return Configuration.load(file, environment);
    }
}
