package dev.pearlroutes.app;

import dev.pearlroutes.calls.CallSearch;
import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.config.UnknownPolicy;
import dev.pearlroutes.leads.Folders;
import dev.pearlroutes.leads.LeadFiles;
import dev.pearlroutes.leads.LeadMapper;
import dev.pearlroutes.leads.LookUps;
import dev.pearlroutes.leads.Mapping;
import dev.pearlroutes.leads.PhoneNumbers;
import dev.pearlroutes.leads.Progress;
import dev.pearlroutes.leads.QuietFiles;
import dev.pearlroutes.leads.Sending;
import dev.pearlroutes.leads.TimeZones;
import dev.pearlroutes.leads.WholeFiles;
import dev.pearlroutes.ledger.Calls;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Outbox;
import dev.pearlroutes.ledger.Sources;
import dev.pearlroutes.ledger.Unknowns;
import dev.pearlroutes.nlpearl.Answers;
import dev.pearlroutes.nlpearl.Credentials;
import dev.pearlroutes.nlpearl.InFlight;
import dev.pearlroutes.nlpearl.Lines;
import dev.pearlroutes.nlpearl.Pace;
import dev.pearlroutes.nlpearl.Paths;
import dev.pearlroutes.nlpearl.Rate;
import dev.pearlroutes.nlpearl.Reads;
import dev.pearlroutes.results.Deliveries;
import dev.pearlroutes.results.Events;
import dev.pearlroutes.results.FileSink;
import dev.pearlroutes.results.Receipts;
import dev.pearlroutes.results.ResultFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.http.CompositeHttpConfigurer;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundle put together: beans from the settings, the declarative routes, and the sandbox when that is on. */
public final class PearlRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PearlRoutes.class);

    /** Rows of a batch for each request in flight; see {@link Sending}. */
    private static final int ROWS_PER_REQUEST_IN_FLIGHT = 2;

    private final Settings settings;
    private final Path routes;
    private final Demo demo;
    private final Ledger ledger;
    private final Lines lines;
    private final Pace pace;
    private final int httpPort;
    private final Main camel = new Main();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Opens the ledger, starts the sandbox when it is on, and makes every bean. Nothing runs before {@link #start}.
     *
     * @param routes folder with the route files
     * @throws ConfigurationException when there are no routes in it
     */
    public PearlRoutes(Settings settings, Path routes) {
        if (!Files.isDirectory(routes)) {
            throw new ConfigurationException("there is no folder " + routes.toAbsolutePath()
                    + " with routes: start in the project's folder or by bin/pearl-routes");
        }
        this.settings = settings;
        this.routes = routes.toAbsolutePath().normalize();
        this.httpPort = httpPort(settings);
        Clock clock = Clock.systemUTC();
        Folders folders = new Folders(settings.dataDir());
        Rate rate = new Rate(settings.maxPerSecond(), clock);
        this.lines = new Lines(clock, rate);
        this.pace = new Pace(lines, rate);
        this.ledger = Ledger.open(settings.ledgerUrl(), folders.scratch(), settings.filesMode());
        this.demo = settings.sandbox() ? new Demo(settings.outbounds()) : null;
        bindBeans(folders, clock);
        configureCamel();
    }

    /** Starts and returns when the routes run; does nothing when it was closed before. */
    public synchronized void start() {
        if (closed.getCount() > 0) {
            camel.init();
            loadRoutes();
            new Templates(settings.outbounds()).instantiate(camel.getCamelContext());
            camel.start();
            announce();
        }
    }

    /** Runs until the process is told to stop; the ledger is closed before the process ends. */
    public void run() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "shut-down"));
        start();
        closed.await();
    }

    /** Takes no more rows, waits for what is in flight, and closes everything. */
    @Override
    public synchronized void close() {
        if (closed.getCount() > 0) {
            lines.shutDown();
            ledger.shutDown();
            camel.stop();
            LOG.info("Stopped. {} files are unfinished and go on at the next start", unfinished());
            ledger.close();
            if (demo != null) {
                demo.close();
            }
            closed.countDown();
        }
    }

    /** File by file, since Camel's own pattern reads some characters of a folder's name as wildcards. */
    private void loadRoutes() {
        CamelContext context = camel.getCamelContext();
        try (Stream<Path> files = Files.walk(routes)) {
            List<Resource> resources = files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .map(file -> ResourceHelper.resolveResource(context, "file:" + file))
                    .toList();
            PluginHelper.getRoutesLoader(context).loadRoutes(resources);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    private String unfinished() {
        return ledger.trouble().isPresent()
                ? "An unknown number of"
                : Integer.toString(new Sources(ledger).unfinished().size());
    }

    private void bindBeans(Folders folders, Clock clock) {
        Map<String, LeadMapper> mappers = byOutbound(mapperOf());
        Map<String, Charset> charsets = byOutbound(Outbound::charset);
        Paths paths = new Paths(byOutbound(Outbound::id));
        WholeFiles wholeFiles = new WholeFiles(settings.filesMode());
        Events events = new Events(clock);
        Sources sources = new Sources(ledger);
        Leads leads = new Leads(ledger, events::ofLead, settings.settleTime());
        Unknowns unknowns = new Unknowns(ledger, events::ofLead, settings.settleTime());
        Outbox outbox = new Outbox(ledger);
        LeadFiles leadFiles = new LeadFiles(folders, sources, mappers, charsets, clock);
        Progress progress = new Progress(clock);
        int batchSize = ROWS_PER_REQUEST_IN_FLIGHT * settings.maxInFlight();
        Sending sending =
                new Sending(leadFiles, leads, lines, ledger.keyedHash(), mappers, paths, progress, batchSize, clock);
        ResultFiles resultFiles = new ResultFiles(leadFiles, leads, wholeFiles);

        Answers answers = new Answers(clock);
        boolean resend = settings.unknownPolicy() == UnknownPolicy.RESEND_IF_ABSENT;

        camel.bind("answers", answers);
        camel.bind("callSearch", new CallSearch(settings.outbounds(), paths, new Calls(ledger), events, clock));
        camel.bind(
                "apiClient",
                CompositeHttpConfigurer.combineConfigurers(
                        new Credentials(baseUrl(), token()), new InFlight(settings.maxInFlight())));
        camel.bind("deliveries", new Deliveries(outbox));
        camel.bind("fileSink", new FileSink(folders, wholeFiles, outbox, clock));
        camel.bind("leadFiles", leadFiles);
        camel.bind("lines", lines);
        camel.bind("line-health-check", new LineHealthCheck(lines, ledger, unknowns));
        camel.bind(
                "lookUps",
                new LookUps(mappers.keySet(), unknowns, leads, lines, paths, settings.settleTime(), resend, clock));
        camel.bind("pace", pace);
        camel.bind("paths", paths);
        camel.bind("progress", progress);
        camel.bind("quietFiles", new QuietFiles());
        camel.bind("reads", new Reads(answers, lines));
        camel.bind("receipts", new Receipts(folders, wholeFiles, sources, leadFiles, resultFiles, events, clock));
        camel.bind("sending", sending);
        camel.bind("sources", sources);
        camel.bind("troubles", new Troubles());

        for (Outbound outbound : settings.outbounds()) {
            folders.make(outbound.name());
            outbox.register(outbound.name(), outbound.sinks());
        }
        int interrupted = unknowns.recover(clock.instant());
        if (interrupted > 0) {
            LOG.warn(
                    "{} leads were on the wire when the last run ended: they are unknown until looked up", interrupted);
        }
        leadFiles.takeStock();
        if (demo != null && sources.none()) {
            demo.dropSample(folders, wholeFiles, settings.outbounds().get(0).name());
        }
    }

    private void configureCamel() {
        Properties properties = new Properties();
        properties.setProperty("data.dir", settings.dataDir().toString());
        properties.setProperty("nlpearl.base-url", baseUrl().toString());
        properties.setProperty(
                "nlpearl.connect-timeout-ms",
                Long.toString(settings.connectTimeout().toMillis()));
        properties.setProperty(
                "nlpearl.response-timeout-ms",
                Long.toString(settings.responseTimeout().toMillis()));
        properties.setProperty("nlpearl.max-in-flight", Integer.toString(settings.maxInFlight()));
        properties.setProperty("http.port", Integer.toString(httpPort));
        properties.setProperty("leads.files-at-once", Integer.toString(settings.filesAtOnce()));
        // Camel's own hook at the end of the process would race with the one of run().
        camel.setShutdownStrategy(new SimpleMainShutdownStrategy());
        camel.setInitialProperties(properties);
        camel.setPropertyPlaceholderLocations("classpath:dev/pearlroutes/app/camel.properties");
        Properties overrides = new Properties();
        overrides.putAll(settings.camel());
        camel.setOverrideProperties(overrides);
    }

    private Function<Outbound, LeadMapper> mapperOf() {
        PhoneNumbers phoneNumbers = new PhoneNumbers();
        TimeZones timeZones = new TimeZones(settings.extraTimeZones());
        return outbound -> new LeadMapper(
                outbound.mapping() == null ? Mapping.byName() : Mapping.load(outbound.mapping()),
                phoneNumbers,
                timeZones,
                outbound.defaultRegion());
    }

    private <T> Map<String, T> byOutbound(Function<Outbound, T> value) {
        return settings.outbounds().stream().collect(Collectors.toMap(Outbound::name, value));
    }

    /** In the sandbox a port that is taken must not spoil the first run, unless the operator chose it. */
    private static int httpPort(Settings settings) {
        try {
            return free(settings.httpPort());
        } catch (IOException taken) {
            if (settings.sandbox() && !settings.httpPortChosen()) {
                try {
                    return free(0);
                } catch (IOException e) {
                    throw new ConfigurationException("this machine has no free port for health and metrics");
                }
            }
            throw new ConfigurationException("http.port (HTTP_PORT): port " + settings.httpPort()
                    + " of this machine is in use: choose another, or 0 for any free one");
        }
    }

    private static int free(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private URI baseUrl() {
        return demo == null ? settings.baseUrl() : demo.url();
    }

    private String token() {
        return demo == null ? settings.token().reveal() : demo.token();
    }

    /** What an operator wants to know first, on one screen. */
    private void announce() {
        settings.warnings().forEach(LOG::warn);
        if (demo != null) {
            LOG.warn("SANDBOX: nobody is called. Leads go to a stand-in of the API inside this process.");
        } else {
            LOG.warn(
                    "LIVE: each accepted lead is a phone call, by {}",
                    settings.baseUrl().getHost());
        }
        Folders folders = new Folders(settings.dataDir());
        List<Outbound> outbounds = settings.outbounds();
        for (Outbound outbound : outbounds) {
            LOG.info(
                    "{}: drop lead files (.csv .json .jsonl, also .gz) in {}",
                    outbound.name(),
                    folders.inbox(outbound.name()));
            LOG.info("{}: receipts and result files appear in {}", outbound.name(), folders.done(outbound.name()));
            LOG.info("{}: call outcomes appear in {}", outbound.name(), folders.results(outbound.name()));
        }
        LOG.info("Health is at http://127.0.0.1:{}/observe/health, metrics at /observe/metrics", httpPort);
    }
}
