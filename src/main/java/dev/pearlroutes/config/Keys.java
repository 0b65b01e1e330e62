package dev.pearlroutes.config;

import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.ReleaseRate;
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
 * The table of all keys this version acts on. Validation, environment names, suggestions and the test of the shipped file
 * all read it: a new key is one more row here and its lines in {@code config/application.properties}.
 */
final class Keys {
    private static final List<Key<?>> ROWS = new ArrayList<>();

    static final Key<Path> DATA_DIR = row(
            "data.dir",
            "data",
            ValueParsers::path,
            "Folder that everything is written below. In the sandbox it is the folder sandbox inside it, so that what the"
                    + " sandbox made never mixes with real leads.");
    static final Key<Boolean> SANDBOX = row(
            "nlpearl.sandbox",
            "true",
            ValueParsers::flag,
            "true: run against the built-in sandbox, nobody is called. false: call real people, which needs nlpearl.token.");
    static final Key<Secret> TOKEN = row(
            "nlpearl.token",
            "",
            ApiValues::token,
            "accountId:secretKey of the account. A secret: better left blank here and set in the environment as"
                    + " NLPEARL_TOKEN.");
    static final Key<URI> BASE_URL = row(
            "nlpearl.base-url",
            "https://api.nlpearl.ai",
            ApiValues::baseUrl,
            "Address of the API when the sandbox is off. https; http only to this machine.");
    static final Key<Duration> CONNECT_TIMEOUT = row(
            "nlpearl.connect-timeout",
            "5s",
            ValueParsers.duration("5m"),
            "Longest wait for a connection, up to 5m. Durations are written 500ms, 5s, 5m, 24h or 7d.");
    static final Key<Duration> RESPONSE_TIMEOUT = row(
            "nlpearl.response-timeout",
            "30s",
            ValueParsers.duration("10m"),
            "Longest wait for an answer, up to 10m. A lead whose answer never came is looked up before anything is sent"
                    + " again.");
    static final Key<Integer> MAX_IN_FLIGHT = row(
            "nlpearl.max-in-flight",
            "32",
            ValueParsers.number(1, 1000),
            "Requests of the account at the same time, 1 to 1000.");
    static final Key<Integer> MAX_PER_SECOND = row(
            "nlpearl.max-per-second",
            "50",
            ValueParsers.number(0, 10_000),
            "Ceiling of requests per second, 0 to 10000; 0 is none. Below it the pace finds the server's own limit.");
    static final Key<List<Integer>> FINAL_CALL_STATUSES = row(
            "nlpearl.final-call-statuses",
            "Completed, Busy, Failed, NoAnswer",
            ApiValues::callStatuses,
            "Technical statuses by which a call is over, as words or codes with commas between them. Canceled, unless it is"
                    + " among them, counts as over an hour after the call's start.");
    static final Key<List<Integer>> FINAL_CONVERSATION_STATUSES = row(
            "nlpearl.final-conversation-statuses",
            "NeedRetry, WrongCountryCode, VoiceMailLeft, Success, NotSuccessfull, Completed, Unreachable, Blacklisted",
            ApiValues::statuses,
            "Conversation statuses that do not change any more; a call is final when both its statuses are. A code that is"
                    + " in neither list is never final.");
    static final Key<List<Integer>> FINAL_LEAD_STATUSES = row(
            "nlpearl.final-lead-statuses",
            "WrongCountryCode, Success, NotSuccessfull, Completed, Unreachable, Blacklisted",
            ApiValues::statuses,
            "Statuses of a lead after which it is not called any more: its row in the outcomes file is final then.");
    static final Key<UnknownPolicy> UNKNOWN_POLICY = row(
            "leads.unknown-policy",
            "resend-if-absent",
            ValueParsers::unknownPolicy,
            "What to do with a lead whose answer never came, once it is proven absent at NLPearl: resend-if-absent, or hold"
                    + " it for a person to decide.");
    static final Key<Duration> SETTLE_TIME = row(
            "leads.settle-time",
            "60s",
            ValueParsers.duration("7d"),
            "How long to wait before such a lead can count as absent, up to 7d.");
    static final Key<Integer> FILES_AT_ONCE = row(
            "leads.files-at-once",
            "4",
            ValueParsers.number(1, 64),
            "Files of an outbound worked on side by side, 1 to 64, so that a small one need not wait for a huge one.");
    static final Key<Set<String>> EXTRA_TIME_ZONES = row(
            "leads.extra-time-zones",
            "",
            ValueParsers::set,
            "Windows time zone names to let through beside the known ones, with commas between them.");
    static final Key<String> LEDGER_URL = row(
            "ledger.url",
            "",
            ValueParsers::ledgerUrl,
            "Where the ledger is, the only state there is: jdbc:sqlite: and a file. Empty: ledger.sqlite in the data"
                    + " folder.");
    static final Key<Duration> LEDGER_RETENTION = row(
            "ledger.retention",
            "",
            ValueParsers.duration("36500d"),
            "How long the ledger remembers a finished file, such as 730d, longer than every search-calls.lookback. A lead it"
                    + " has forgotten can be sent again. Empty: for ever.");
    static final Key<String> JMS_BROKER_URL = row(
            "jms.broker-url",
            "",
            JmsValues::brokerUrl,
            "Where queues are: embedded, a broker inside this program; an address such as tcp://broker:61616 of Artemis or"
                    + " another broker that its client can speak with; bean: and the name of a ConnectionFactory among"
                    + " camel.beans; or off. Empty: embedded in the sandbox, else off. No broker runs inside Karaf: there embedded is"
                    + " refused, and empty is off.");
    static final Key<String> JMS_USERNAME =
            row("jms.username", "", Function.identity(), "User of the broker. Empty: none.");
    static final Key<Secret> JMS_PASSWORD = row(
            "jms.password",
            "",
            Secret::new,
            "The user's password. A secret: better left blank here and set in the environment as JMS_PASSWORD.");
    static final Key<Integer> JMS_PORT = row(
            "jms.port",
            "61616",
            ValueParsers.number(0, 65_535),
            "Port of the embedded broker on this machine, 0 to 65535; 0 is any free one. In the sandbox a free one is taken"
                    + " when this key isn't set and 61616 is in use.");
    static final Key<Integer> JMS_CONSUMERS = row(
            "jms.consumers",
            "4",
            ValueParsers.number(1, 64),
            "Consumers of leads of each queue and outbound, 1 to 64. They share the pace of sending with everything else."
                    + " Updates have one an outbound, since their order counts.");
    static final Key<String> JMS_DEAD_LETTER_QUEUE = row(
            "jms.dead-letter-queue",
            "nlpearl.dead-letter",
            JmsValues::queue,
            "Queue of the messages that can't be used, each with the reason.");
    static final Key<Integer> HTTP_PORT = row(
            "http.port",
            "8080",
            ValueParsers.number(0, 65_535),
            "Port of health and metrics on this machine, 0 to 65535; 0 is any free one. In the sandbox a free one is taken"
                    + " when this key isn't set and 8080 is in use.");
    static final Key<Set<PosixFilePermission>> FILES_MODE = row(
            "files.mode",
            "0600",
            ValueParsers::mode,
            "Permissions of the files written, in octal. The owner must be able to read and write.");

    static final Key<Duration> KEEP_EVENTS = row(
            "results.keep-events",
            "30d",
            ValueParsers.durationOrNone("3650d"),
            "How long the ledger keeps events that every sink has, to replay them, up to 3650d. They hold phone numbers. 0:"
                    + " not at all, and nothing can be replayed.");

    static final Key<String> ID = row(
            "outbound.<name>.id",
            "",
            ApiValues::outboundId,
            "Id of the outbound at NLPearl. It is not the Pearl id in the platform's address bar.");
    static final Key<String> CRON = row(
            "outbound.<name>.search-calls.cron",
            "0 0/5 * * * ?",
            ValueParsers::cron,
            "When its calls are read back: a Quartz cron (seconds first), in this machine's time zone.");
    static final Key<Duration> LOOKBACK = row(
            "outbound.<name>.search-calls.lookback",
            "24h",
            ValueParsers.duration("366d"),
            "How far each run reads back, up to 366d, to see what changed since; also how far the first run goes.");
    static final Key<Instant> START = row(
            "outbound.<name>.search-calls.start",
            "",
            ValueParsers::instant,
            "Where the first run begins instead: 2026-11-30, or 2026-11-30T08:00:00Z.");
    static final Key<Integer> PAGE_SIZE = row(
            "outbound.<name>.search-calls.page-size", "100", ValueParsers.number(1, 100), "Calls a request, 1 to 100.");
    static final Key<List<String>> TAGS = row(
            "outbound.<name>.search-calls.tags",
            "",
            ValueParsers::list,
            "Only calls with one of these tags, with commas between them. Empty: all.");
    static final Key<List<Integer>> STATUSES = row(
            "outbound.<name>.search-calls.statuses",
            "",
            ApiValues::statuses,
            "Only calls with one of these statuses, as words or codes with commas between them, such as Success,"
                    + " Unreachable, 220. Empty: all.");
    static final Key<String> SEARCH_INPUT = row(
            "outbound.<name>.search-calls.search-input",
            "",
            Function.identity(),
            "Only calls that NLPearl finds by this text. Empty: all.");
    static final Key<Duration> SILENT_AFTER = row(
            "outbound.<name>.silent-after",
            "",
            ValueParsers.duration("366d"),
            "How long after it was accepted a lead to which no call is known is told of, such as 7d, up to 366d. Empty: never.");
    static final Key<Set<String>> RESULT_FIELDS = row(
            "outbound.<name>.result-fields",
            "from, to, duration, tags, summary, transcript, recording, collectedData",
            ApiValues::resultFields,
            "What the results tell of a call besides its ids, statuses, start and lead, with commas between them; none for"
                    + " nothing.");
    static final Key<List<String>> SINKS = row(
            "outbound.<name>.sinks",
            "file",
            SinkValues::sinks,
            "Where results go, with commas between them: file, jms, http.");
    static final Key<FileFormat> FILE_FORMAT = row(
            "outbound.<name>.file-sink.format",
            "jsonl",
            SinkValues::fileFormat,
            "What the sink file writes: jsonl, whole events; or csv, their members as cells, for programs and not for"
                    + " spreadsheets.");
    static final Key<URI> HTTP_SINK_URL = row(
            "outbound.<name>.http-sink.url",
            "",
            SinkValues::url,
            "Address that the sink http posts each event to. https; http only to this machine.");
    static final Key<Secret> HTTP_SINK_SECRET = row(
            "outbound.<name>.http-sink.secret",
            "",
            SinkValues::secret,
            "Secret that the sink http signs with by Standard Webhooks: whsec_ and 24 to 64 bytes in base64. Better left"
                    + " blank here and set in the environment. Empty: nothing is signed.");
    static final Key<String> JMS_SINK_QUEUE = row(
            "outbound.<name>.jms-sink.queue",
            "",
            JmsValues::queue,
            "Queue that the sink jms puts events into. Empty: nlpearl.results. and the outbound's name.");
    static final Key<String> LEAD_QUEUE = row(
            "outbound.<name>.lead-queue",
            "",
            JmsValues::queue,
            "Queue whose messages are leads of this outbound. Empty: nlpearl.leads. and the outbound's name.");
    static final Key<String> DEFAULT_REGION = row(
            "outbound.<name>.default-region",
            "",
            ValueParsers::region,
            "Region of phone numbers without a country code, such as US or DE. Empty: a row with such a number is"
                    + " rejected.");
    static final Key<LeadIdentity.Key> IDENTITY = row(
            "outbound.<name>.identity",
            "external-id",
            ValueParsers::identity,
            "What makes a row the duplicate of a lead sent before: external-id, the same externalId; phone, the same number"
                    + " whatever the externalId; external-id+phone, either of the two.");
    static final Key<Duration> IDENTITY_WINDOW = row(
            "outbound.<name>.identity-window",
            "",
            ValueParsers.durationOrNone("36500d"),
            "How long after it was accepted a lead makes such rows duplicates, such as 30d; later ones are sent again. Empty or 0:"
                    + " for ever.");
    static final Key<Path> MAPPING = row(
            "outbound.<name>.mapping",
            "",
            ValueParsers::path,
            "File that maps your columns, seen from the folder of this file. Empty: columns are taken by their names.");
    static final Key<Set<String>> REQUIRED_VARIABLES = row(
            "outbound.<name>.required-variables",
            "",
            ValueParsers::set,
            "Variables of callData, with commas between them, that each lead must have: a row without a value for one is"
                    + " rejected, since the voice would speak a gap. Empty: none.");
    static final Key<Integer> MAX_LEADS_PER_FILE = row(
            "outbound.<name>.max-leads-per-file",
            "",
            ValueParsers.number(0, 100_000_000),
            "A lead file with more leads to be sent waits until a person approves it. Empty or 0: no limit.");
    static final Key<Integer> MAX_LEADS_PER_DAY = row(
            "outbound.<name>.max-leads-per-day",
            "",
            ValueParsers.number(0, 100_000_000),
            "A lead file that would bring the leads sent on a day (UTC) above this number waits until a person approves it."
                    + " Empty or 0: no limit.");
    static final Key<ReleaseRate> RELEASE = row(
            "outbound.<name>.release",
            "",
            ReleaseRate::of,
            "Lead files are sent in waves: so many leads an hour or a day, such as 100/hour or 500/day. Empty: as fast as the"
                    + " pace allows.");
    static final Key<Charset> CHARSET = row(
            "outbound.<name>.charset",
            "UTF-8",
            ValueParsers::charset,
            "Encoding of the files dropped, such as UTF-8 or windows-1252.");

    /** Every key, in the order of the shipped file. */
    static final List<Key<?>> ALL = List.copyOf(ROWS);

    private Keys() {}

    private static <T> Key<T> row(String name, String defaultText, Function<String, T> parser, String meaning) {
        Key<T> key = new Key<>(name, defaultText, parser, meaning);
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
