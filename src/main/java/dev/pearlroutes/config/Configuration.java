package dev.pearlroutes.config;

import dev.pearlroutes.model.FinalStatuses;
import dev.pearlroutes.model.LeadIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The configuration, read and checked as a whole, so that no route starts on one that is half right. */
public final class Configuration {
    /** Camel's keys that would let the HTTP client repeat a request, or give the credentials away. */
    private static final Pattern GUARDED = Pattern.compile(
            "camel\\.component\\.https?\\.(automaticretriesdisabled|followredirects|httpclientconfigurer)");

    private static final String SQLITE = "jdbc:sqlite:";

    private final Problems problems = new Problems();
    private final PropertiesFile file;
    private final Map<String, String> environment;
    private final RuntimeHost host;
    private final ConfigSource source;

    private Configuration(Path file, Map<String, String> environment, RuntimeHost host) {
        this.host = host;
        this.file = PropertiesFile.read(file, problems);
        this.environment = environment;
        this.source = new ConfigSource(this.file, environment, problems);
    }

    /** Reads the settings of a program of its own; see {@link #load(Path, Map, RuntimeHost)}. */
    public static Settings load(Path file, Map<String, String> environment) {
        return load(file, environment, RuntimeHost.program());
    }

    /**
     * Reads settings out of a properties file in UTF-8 and the environment, which wins.
     *
     * @param file {@code application.properties}; paths of mappings are seen from its folder
     * @param environment variable to value, as of {@link System#getenv()}
     * @param host where the routes are to run
     * @throws ConfigurationException when anything is wrong: all problems in one message, what is missing first, without any
     *     value
     */
    public static Settings load(Path file, Map<String, String> environment, RuntimeHost host) {
        return new Configuration(file, environment, host).settings();
    }

    private Settings settings() {
        UnknownKeys.check(file, problems);
        Map<String, String> names = OutboundNames.find(file, environment);
        OutboundNames.check(names, source);
        List<Outbound> outbounds = names.keySet().stream().map(this::outbound).toList();
        boolean sandbox = read(Keys.SANDBOX);
        Secret token = read(Keys.TOKEN);
        checkMode(sandbox, outbounds);
        checkIds(outbounds);
        Duration retention = read(Keys.LEDGER_RETENTION);
        checkRetention(retention, outbounds);

        Path chosen = host.base().resolve(read(Keys.DATA_DIR)).toAbsolutePath().normalize();
        Path dataDir = sandbox ? chosen.resolve("sandbox") : chosen;
        Jms jms = Queues.read(source, file, sandbox, host);
        Queues.check(jms, outbounds, source);
        Ops ops = OpsSettings.read(source, names.keySet());
        OpsSettings.check(ops, jms, outbounds, source);
        String ledgerUrl = ledgerUrl(dataDir);
        checkShared(ledgerUrl, sandbox, jms);
        Set<String> extraTimeZones = read(Keys.EXTRA_TIME_ZONES);
        Settings settings = new Settings(
                dataDir,
                sandbox,
                read(Keys.BASE_URL),
                token,
                read(Keys.CONNECT_TIMEOUT),
                read(Keys.RESPONSE_TIMEOUT),
                read(Keys.MAX_IN_FLIGHT),
                read(Keys.MAX_PER_SECOND),
                read(Keys.ACCOUNT_CHECK),
                read(Keys.CREDIT_WARNING),
                new FinalStatuses(
                        Set.copyOf(read(Keys.FINAL_CALL_STATUSES)),
                        Set.copyOf(read(Keys.FINAL_CONVERSATION_STATUSES)),
                        Set.copyOf(read(Keys.FINAL_LEAD_STATUSES))),
                read(Keys.UNKNOWN_POLICY),
                read(Keys.SETTLE_TIME),
                read(Keys.FILES_AT_ONCE),
                extraTimeZones == null ? Set.of() : extraTimeZones,
                ledgerUrl,
                ledgerAccess(),
                retention,
                jms,
                http(),
                read(Keys.FILES_MODE),
                read(Keys.QUIET_TIME),
                read(Keys.KEEP_EVENTS),
                ops,
                outbounds,
                camel(),
                warnings(sandbox, jms, outbounds));
        problems.throwIfAny();
        return settings;
    }

    /** What is in this process alone cannot belong to a ledger that several share. */
    private void checkShared(String ledgerUrl, boolean sandbox, Jms jms) {
        if (!ledgerUrl.startsWith(ValueParsers.POSTGRESQL)) {
            return;
        }
        if (sandbox) {
            source.refuse(
                    Keys.LEDGER_URL.name(),
                    "the sandbox keeps its ledger in a file: delete the key, or set nlpearl.sandbox=false (NLPEARL_SANDBOX)");
        } else if (jms.embedded()) {
            source.refuse(
                    Keys.JMS_BROKER_URL.name(),
                    "a ledger that several nodes share needs a broker that they share too: write its address, or off");
        }
    }

    private LedgerAccess ledgerAccess() {
        String node = read(Keys.NODE_NAME);
        return new LedgerAccess(
                read(Keys.LEDGER_USERNAME),
                read(Keys.LEDGER_PASSWORD),
                read(Keys.LEDGER_CONNECTIONS),
                read(Keys.LEDGER_LEASE),
                node == null ? RuntimeHost.name() : node);
    }

    private String ledgerUrl(Path dataDir) {
        String url = read(Keys.LEDGER_URL);
        if (url != null && url.startsWith(ValueParsers.POSTGRESQL)) {
            return url;
        }
        Path ledger =
                url == null ? dataDir.resolve("ledger.sqlite") : host.base().resolve(url.substring(SQLITE.length()));
        return SQLITE + ledger.toAbsolutePath();
    }

    private Http http() {
        String address = read(Keys.HTTP_HOST);
        Path keyStore = read(Keys.HTTP_KEY_STORE);
        Http http = new Http(
                address,
                or(read(Keys.HTTP_PORT), 0),
                source.isSet(Keys.HTTP_PORT.name()),
                read(Keys.HTTP_PASSWORD),
                read(Keys.HTTP_TOKEN),
                or(read(Keys.HTTP_ALLOWED_HOSTS), Set.of()),
                read(Keys.HTTP_WEBHOOKS_PORT),
                keyStore == null
                        ? null
                        : new Http.KeyStore(
                                besideFile(Keys.HTTP_KEY_STORE.name(), keyStore),
                                or(read(Keys.HTTP_KEY_STORE_PASSWORD), new Secret(""))));
        if (address != null && !Http.isLoopback(address) && !http.locked()) {
            source.require(
                    Keys.HTTP_PASSWORD.name(),
                    Keys.HTTP_HOST.name() + " lets other machines in, which then could make calls: set a password or "
                            + Keys.HTTP_TOKEN.name());
        }
        if (http.webhooksPort() != null && http.webhooksPort() == http.port()) {
            source.refuse(Keys.HTTP_WEBHOOKS_PORT.name(), "it must be another port than http.port");
        }
        return http;
    }

    private <T> T read(Key<T> key) {
        return source.read(key, null);
    }

    private Outbound outbound(String name) {
        List<String> sinks = source.read(Keys.SINKS, name);
        Outbound.SearchCalls searchCalls = new Outbound.SearchCalls(
                source.read(Keys.CRON, name),
                source.read(Keys.LOOKBACK, name),
                source.read(Keys.START, name),
                source.read(Keys.PAGE_SIZE, name),
                or(source.read(Keys.TAGS, name), List.of()),
                or(source.read(Keys.STATUSES, name), List.of()),
                source.read(Keys.SEARCH_INPUT, name));
        return new Outbound(
                name,
                source.read(Keys.ID, name),
                searchCalls,
                source.read(Keys.SILENT_AFTER, name),
                source.read(Keys.RESULT_FIELDS, name),
                sinks,
                source.read(Keys.FILE_FORMAT, name),
                HttpTarget.read(source, sinks, HttpTarget.SinkKeys.OF_OUTBOUND, name),
                source.read(Keys.WEBHOOK_SECRET, name),
                or(source.read(Keys.JMS_SINK_QUEUE, name), "nlpearl.results." + name),
                or(source.read(Keys.LEAD_QUEUE, name), Jms.LEADS + "." + name),
                source.read(Keys.DEFAULT_REGION, name),
                or(source.read(Keys.TIME_ZONE_FROM_NUMBER, name), false),
                identity(name),
                mapping(name),
                limits(name),
                source.read(Keys.SUPPRESSION_MAX_AGE, name),
                source.read(Keys.CHARSET, name),
                source.read(Keys.SHEET, name));
    }

    private LeadIdentity identity(String name) {
        Duration window = source.read(Keys.IDENTITY_WINDOW, name);
        boolean forEver = window == null || window.isZero();
        return new LeadIdentity(source.read(Keys.IDENTITY, name), forEver ? null : window);
    }

    private Outbound.Limits limits(String name) {
        return new Outbound.Limits(
                or(source.read(Keys.REQUIRED_VARIABLES, name), Set.of()),
                or(source.read(Keys.MAX_LEADS_PER_FILE, name), 0),
                or(source.read(Keys.MAX_LEADS_PER_DAY, name), 0),
                source.read(Keys.RELEASE, name));
    }

    private static <T> T or(T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private Path mapping(String name) {
        Path mapping = source.read(Keys.MAPPING, name);
        if (mapping == null) {
            return null;
        }
        return besideFile(Keys.MAPPING.in(name), mapping);
    }

    /** Finds a file that a key names, seen from the folder of the configuration. */
    private Path besideFile(String key, Path named) {
        Path resolved = file.path().toAbsolutePath().resolveSibling(named).normalize();
        if (!Files.isRegularFile(resolved) || !Files.isReadable(resolved)) {
            source.refuse(
                    key, "there is no such file that can be read; the path is seen from the folder of " + file.path());
        }
        return resolved;
    }

    /** Real calls or the sandbox: never a mixture, and never by accident. */
    private void checkMode(boolean sandbox, List<Outbound> outbounds) {
        String sandboxKey = Keys.SANDBOX.name();
        String tokenKey = Keys.TOKEN.name();
        if (source.wasRefused(sandboxKey) || source.wasRefused(tokenKey)) {
            return;
        }
        if (sandbox && source.isSet(tokenKey)) {
            source.refuse(
                    tokenKey,
                    "a token is set while nlpearl.sandbox is true: set nlpearl.sandbox=false (NLPEARL_SANDBOX) to call real"
                            + " people, or remove the token to stay in the sandbox");
        } else if (!sandbox && !source.isSet(tokenKey)) {
            source.require(
                    tokenKey,
                    "calling real people (nlpearl.sandbox=false) needs a token: write accountId:secretKey, best in"
                            + " NLPEARL_TOKEN, or set nlpearl.sandbox=true");
        }
        outbounds.stream()
                .filter(outbound -> !sandbox && ApiValues.SANDBOX_OUTBOUND_ID.equals(outbound.id()))
                .forEach(outbound -> source.refuse(
                        Keys.ID.in(outbound.name()),
                        "this id exists in the sandbox only: put your outbound's id from the platform here; it is not the"
                                + " Pearl id in the address bar"));
    }

    private void checkIds(List<Outbound> outbounds) {
        if (outbounds.isEmpty()) {
            problems.add(
                    Problems.MISSING,
                    file.path()
                            + " configures no outbound, so no route would run: set outbound.<name>.id, or the environment"
                            + " variable OUTBOUND_<NAME>_ID");
        }
        Map<String, String> byId = new HashMap<>();
        for (Outbound outbound : outbounds) {
            String other = outbound.id() == null ? null : byId.putIfAbsent(outbound.id(), outbound.name());
            if (other != null) {
                source.refuse(
                        Keys.ID.in(outbound.name()),
                        "the outbound " + other
                                + " has the same id, so its leads could be rung twice: remove one of them");
            }
        }
    }

    private void checkRetention(Duration retention, List<Outbound> outbounds) {
        for (Outbound outbound : outbounds) {
            Duration lookback = outbound.searchCalls().lookback();
            if (retention != null && lookback != null && retention.compareTo(lookback) <= 0) {
                source.refuse(
                        Keys.LEDGER_RETENTION.name(),
                        "calls are read back for longer (" + Keys.LOOKBACK.in(outbound.name())
                                + "), so forgotten ones would be reported again: write a longer time");
                return;
            }
            Duration window = outbound.identity().window();
            if (retention != null && window != null && retention.compareTo(window) < 0) {
                source.refuse(
                        Keys.IDENTITY_WINDOW.in(outbound.name()),
                        "the ledger forgets leads before it is over (ledger.retention): write a shorter time, or a longer"
                                + " retention");
            }
        }
    }

    private Map<String, String> camel() {
        Map<String, String> camel = new LinkedHashMap<>();
        file.entries().forEach((key, line) -> {
            if (key.startsWith("camel.")) {
                if (GUARDED.matcher(key.replace("-", "").toLowerCase(Locale.ROOT))
                        .matches()) {
                    problems.add(
                            line.number(),
                            key + ", " + file.path() + " line " + line.number()
                                    + ": it must stay as it is: a request that is made again, or"
                                    + " elsewhere, may ring a person twice; delete the line");
                }
                camel.put(key, line.value());
            }
        });
        return Collections.unmodifiableMap(camel);
    }

    private List<String> warnings(boolean sandbox, Jms jms, List<Outbound> outbounds) {
        List<String> warnings = new ArrayList<>(UnknownKeys.warnings(
                environment, outbounds.stream().map(Outbound::name).toList()));
        for (Outbound outbound : outbounds) {
            if (outbound.httpSink() != null && !outbound.sinks().contains("http")) {
                warnings.add(Keys.HTTP_SINK_URL.in(outbound.name()) + " is not used, since "
                        + Keys.SINKS.in(outbound.name()) + " has no http");
            }
        }
        if (sandbox && source.isSet(Keys.BASE_URL.name())) {
            warnings.add("nlpearl.base-url is not used, since nlpearl.sandbox is true");
        }
        if (sandbox && source.isSet(Keys.LEDGER_URL.name())) {
            // Otherwise a lead that the sandbox took would be a duplicate when it is meant in earnest.
            warnings.add("ledger.url is used by the sandbox: it must not be the ledger of real leads");
        }
        if (sandbox && jms.on() && !jms.embedded()) {
            warnings.add(
                    "jms.broker-url is used by the sandbox: the leads it takes from that broker's queues are not called");
        }
        return List.copyOf(warnings);
    }
}
