package dev.pearlroutes.config;

import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.ReleaseRate;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The table of all keys this version acts on: names, types, defaults and bounds. Validation, environment names and suggestions read it.
 * What a key means is said in {@code config/application.properties}, and a test holds the two together.
 */
final class Keys {
    private static final List<Key<?>> ROWS = new ArrayList<>();

    static final Key<Path> DATA_DIR = row("data.dir", "data", ValueParsers::path);
    static final Key<Boolean> SANDBOX = row("nlpearl.sandbox", "true", ValueParsers::flag);
    static final Key<Secret> TOKEN = row("nlpearl.token", "", ApiValues::token);
    static final Key<URI> BASE_URL = row("nlpearl.base-url", "https://api.nlpearl.ai", ApiValues::baseUrl);
    static final Key<Duration> CONNECT_TIMEOUT = row("nlpearl.connect-timeout", "5s", ValueParsers.duration("5m"));
    static final Key<Duration> RESPONSE_TIMEOUT = row("nlpearl.response-timeout", "30s", ValueParsers.duration("10m"));
    static final Key<Integer> MAX_IN_FLIGHT = row("nlpearl.max-in-flight", "32", ValueParsers.number(1, 1000));
    static final Key<Integer> MAX_PER_SECOND = row("nlpearl.max-per-second", "50", ValueParsers.number(0, 10_000));
    static final Key<Duration> ACCOUNT_CHECK = row("nlpearl.account-check", "5m", ValueParsers.durationOrNone("24h"));
    static final Key<BigDecimal> CREDIT_WARNING = row("nlpearl.credit-warning", "0", ValueParsers::amount);
    static final Key<List<Integer>> FINAL_CALL_STATUSES =
            row("nlpearl.final-call-statuses", "Completed, Busy, Failed, NoAnswer", ApiValues::callStatuses);
    static final Key<List<Integer>> FINAL_CONVERSATION_STATUSES = row(
            "nlpearl.final-conversation-statuses",
            "NeedRetry, WrongCountryCode, VoiceMailLeft, Success, NotSuccessfull, Completed, Unreachable, Blacklisted",
            ApiValues::statuses);
    static final Key<List<Integer>> FINAL_LEAD_STATUSES = row(
            "nlpearl.final-lead-statuses",
            "WrongCountryCode, Success, NotSuccessfull, Completed, Unreachable, Blacklisted",
            ApiValues::statuses);
    static final Key<UnknownPolicy> UNKNOWN_POLICY =
            row("leads.unknown-policy", "resend-if-absent", ValueParsers::unknownPolicy);
    static final Key<Duration> SETTLE_TIME = row("leads.settle-time", "60s", ValueParsers.duration("7d"));
    static final Key<Integer> FILES_AT_ONCE = row("leads.files-at-once", "4", ValueParsers.number(1, 64));
    static final Key<Set<String>> EXTRA_TIME_ZONES = row("leads.extra-time-zones", "", ValueParsers::set);
    static final Key<String> LEDGER_URL = row("ledger.url", "", ValueParsers::ledgerUrl);
    static final Key<String> LEDGER_USERNAME = row("ledger.username", "", Function.identity());
    static final Key<Secret> LEDGER_PASSWORD = row("ledger.password", "", Secret::new);
    static final Key<Integer> LEDGER_CONNECTIONS = row("ledger.connections", "8", ValueParsers.number(2, 200));
    static final Key<Duration> LEDGER_LEASE = row("ledger.lease", "10s", ValueParsers.duration("10m"));
    static final Key<String> NODE_NAME = row("node.name", "", ValueParsers::nodeName);
    static final Key<Duration> LEDGER_RETENTION = row("ledger.retention", "", ValueParsers.duration("36500d"));
    static final Key<String> JMS_BROKER_URL = row("jms.broker-url", "", JmsValues::brokerUrl);
    static final Key<String> JMS_USERNAME = row("jms.username", "", Function.identity());
    static final Key<Secret> JMS_PASSWORD = row("jms.password", "", Secret::new);
    static final Key<Integer> JMS_PORT = row("jms.port", "61616", ValueParsers.number(0, 65_535));
    static final Key<Integer> JMS_CONSUMERS = row("jms.consumers", "4", ValueParsers.number(1, 64));
    static final Key<String> JMS_DEAD_LETTER_QUEUE =
            row("jms.dead-letter-queue", "nlpearl.dead-letter", JmsValues::queue);
    static final Key<Integer> HTTP_PORT = row("http.port", "8080", ValueParsers.number(0, 65_535));
    static final Key<String> HTTP_HOST = row("http.host", "127.0.0.1", HttpValues::host);
    static final Key<Secret> HTTP_PASSWORD = row("http.password", "", HttpValues::credential);
    static final Key<Secret> HTTP_TOKEN = row("http.token", "", HttpValues::credential);
    static final Key<Set<String>> HTTP_ALLOWED_HOSTS = row("http.allowed-hosts", "", HttpValues::hosts);
    static final Key<Path> HTTP_KEY_STORE = row("http.key-store", "", ValueParsers::path);
    static final Key<Secret> HTTP_KEY_STORE_PASSWORD = row("http.key-store-password", "", Secret::new);
    static final Key<Integer> HTTP_WEBHOOKS_PORT = row("http.webhooks-port", "", ValueParsers.number(1, 65_535));
    static final Key<Set<PosixFilePermission>> FILES_MODE = row("files.mode", "0600", ValueParsers::mode);
    static final Key<Duration> QUIET_TIME = row("files.quiet-time", "2s", ValueParsers.duration("1h"));

    static final Key<Duration> KEEP_EVENTS = row("results.keep-events", "30d", ValueParsers.durationOrNone("3650d"));

    static final Key<List<String>> OPS_SINKS = row("ops.sinks", "", SinkValues::sinks);
    static final Key<URI> OPS_HTTP_SINK_URL = row("ops.http-sink.url", "", SinkValues::url);
    static final Key<Secret> OPS_HTTP_SINK_SECRET = row("ops.http-sink.secret", "", SinkValues::secret);
    static final Key<String> OPS_JMS_SINK_QUEUE = row("ops.jms-sink.queue", "nlpearl.ops", JmsValues::queue);
    static final Key<String> OPS_MAIL_HOST = row("ops.mail.host", "", MailValues::host);
    static final Key<Integer> OPS_MAIL_PORT = row("ops.mail.port", "587", ValueParsers.number(1, 65_535));
    static final Key<Ops.Tls> OPS_MAIL_TLS = row("ops.mail.tls", "starttls", MailValues::tls);
    static final Key<String> OPS_MAIL_USERNAME = row("ops.mail.username", "", Function.identity());
    static final Key<Secret> OPS_MAIL_PASSWORD = row("ops.mail.password", "", Secret::new);
    static final Key<String> OPS_MAIL_FROM = row("ops.mail.from", "", MailValues::address);
    static final Key<List<String>> OPS_MAIL_TO = row("ops.mail.to", "", MailValues::addresses);
    static final Key<Duration> OPS_MAIL_DELAY = row("ops.mail.delay", "1m", ValueParsers.duration("1h"));
    static final Key<Duration> OPS_MAIL_PAUSE = row("ops.mail.pause", "10m", ValueParsers.duration("24h"));

    static final Key<String> ID = row("outbound.<name>.id", "", ApiValues::outboundId);
    static final Key<String> CRON = row("outbound.<name>.search-calls.cron", "0 0/5 * * * ?", ValueParsers::cron);
    static final Key<Duration> LOOKBACK =
            row("outbound.<name>.search-calls.lookback", "24h", ValueParsers.duration("366d"));
    static final Key<Instant> START = row("outbound.<name>.search-calls.start", "", ValueParsers::instant);
    static final Key<Integer> PAGE_SIZE =
            row("outbound.<name>.search-calls.page-size", "100", ValueParsers.number(1, 100));
    static final Key<List<String>> TAGS = row("outbound.<name>.search-calls.tags", "", ValueParsers::list);
    static final Key<List<Integer>> STATUSES = row("outbound.<name>.search-calls.statuses", "", ApiValues::statuses);
    static final Key<String> SEARCH_INPUT = row("outbound.<name>.search-calls.search-input", "", Function.identity());
    static final Key<Duration> SILENT_AFTER = row("outbound.<name>.silent-after", "", ValueParsers.duration("366d"));
    static final Key<String> EXPECT_FILE = row("outbound.<name>.expect-file", "", ValueParsers::cron);
    static final Key<Set<String>> RESULT_FIELDS = row(
            "outbound.<name>.result-fields",
            "from, to, duration, tags, summary, transcript, recording, collectedData",
            ApiValues::resultFields);
    static final Key<List<String>> SINKS = row("outbound.<name>.sinks", "file", SinkValues::sinks);
    static final Key<FileFormat> FILE_FORMAT = row("outbound.<name>.file-sink.format", "jsonl", SinkValues::fileFormat);
    static final Key<URI> HTTP_SINK_URL = row("outbound.<name>.http-sink.url", "", SinkValues::url);
    static final Key<Secret> HTTP_SINK_SECRET = row("outbound.<name>.http-sink.secret", "", SinkValues::secret);
    static final Key<Secret> WEBHOOK_SECRET = row("outbound.<name>.webhook-secret", "", SinkValues::webhookSecret);
    static final Key<String> JMS_SINK_QUEUE = row("outbound.<name>.jms-sink.queue", "", JmsValues::queue);
    static final Key<String> LEAD_QUEUE = row("outbound.<name>.lead-queue", "", JmsValues::queue);
    static final Key<String> DEFAULT_REGION = row("outbound.<name>.default-region", "", ValueParsers::region);
    static final Key<Boolean> TIME_ZONE_FROM_NUMBER =
            row("outbound.<name>.time-zone-from-number", "false", ValueParsers::flag);
    static final Key<LeadIdentity.Key> IDENTITY =
            row("outbound.<name>.identity", "external-id", ValueParsers::identity);
    static final Key<Duration> IDENTITY_WINDOW =
            row("outbound.<name>.identity-window", "", ValueParsers.durationOrNone("36500d"));
    static final Key<Path> MAPPING = row("outbound.<name>.mapping", "", ValueParsers::path);
    static final Key<Set<String>> REQUIRED_VARIABLES = row("outbound.<name>.required-variables", "", ValueParsers::set);
    static final Key<Integer> MAX_LEADS_PER_FILE =
            row("outbound.<name>.max-leads-per-file", "", ValueParsers.number(0, 100_000_000));
    static final Key<Integer> MAX_LEADS_PER_DAY =
            row("outbound.<name>.max-leads-per-day", "", ValueParsers.number(0, 100_000_000));
    static final Key<ReleaseRate> RELEASE = row("outbound.<name>.release", "", ReleaseRate::of);
    static final Key<Duration> SUPPRESSION_MAX_AGE =
            row("outbound.<name>.suppression-max-age", "", ValueParsers.duration("3650d"));
    static final Key<Charset> CHARSET = row("outbound.<name>.charset", "UTF-8", ValueParsers::charset);
    static final Key<String> SHEET = row("outbound.<name>.sheet", "", Function.identity());

    /** Every key, in the order of the shipped file. */
    static final List<Key<?>> ALL = List.copyOf(ROWS);

    private Keys() {}

    private static <T> Key<T> row(String name, String defaultText, Function<String, T> parser) {
        Key<T> key = new Key<>(name, defaultText, parser);
        ROWS.add(key);
        return key;
    }

    static List<Key<?>> ofOutbounds() {
        return ALL.stream().filter(Key::ofOutbound).toList();
    }

    static boolean isGlobal(String fullKey) {
        return ALL.stream().anyMatch(key -> !key.ofOutbound() && key.name().equals(fullKey));
    }
}
