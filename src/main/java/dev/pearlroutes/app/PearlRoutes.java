package dev.pearlroutes.app;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Jms;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.NodeFolder;
import dev.pearlroutes.ledger.Leadership;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.messaging.BrokerConnections;
import dev.pearlroutes.nlpearl.ConcurrencyLimit;
import dev.pearlroutes.nlpearl.Credentials;
import dev.pearlroutes.nlpearl.RequestWatch;
import dev.pearlroutes.upkeep.Ledgers;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.http.CompositeHttpConfigurer;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutesBuilderLoader;
import org.apache.camel.support.PluginHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundle put together: beans from the settings, the declarative routes, and the sandbox when that is on. */
public final class PearlRoutes implements AutoCloseable, Leadership.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(PearlRoutes.class);

    private final Settings settings;
    private final List<Resource> routes;
    private final ExtensionRoutes extensions;
    private final Demo demo;
    private final Ledger ledger;
    private final Modules modules;
    /** Null where there are no queues. */
    private final BrokerConnections messaging;

    private final HttpModule http;
    private final RequestWatch requests;
    private final LeaderGate gate = new LeaderGate();
    private final LeaderPolicy policy = new LeaderPolicy();
    /** Null where the data folder is this process's alone. */
    private final NodeFolder node;

    /** Null where the ledger is this process's alone. */
    private final Leadership leadership;

    private volatile boolean replaced;
    private final Main camel = new Main();
    private final List<RoutesBuilder> builders;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Opens the ledger, starts the sandbox when it is on, and makes every bean. Nothing runs before {@link #start}; when this
     * throws, nothing is left open.
     *
     * @param routes the route files
     * @param extensions folder of the operator's own routes; need not exist
     * @throws ConfigurationException when a file or port that the settings name cannot be used
     */
    public PearlRoutes(Settings settings, List<Resource> routes, Path extensions) {
        this.settings = settings;
        this.routes = List.copyOf(routes);
        this.extensions = new ExtensionRoutes(extensions);
        this.http = new HttpModule(settings);
        this.demo = settings.sandbox() ? new Demo(settings.outbounds(), http.address()) : null;
        this.requests = new RequestWatch(baseUrl());
        // Half of the start needs no ledger and runs beside the other half.
        CompletableFuture<List<RoutesBuilder>> context =
                CompletableFuture.supplyAsync(this::makeContext, work -> new Thread(work, "camel-context").start());
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            this.node = settings.shared() ? takeNode(settings) : null;
            if (node != null) {
                opened.add(node);
            }
            DataFolders folders = new DataFolders(settings.dataDir(), node == null ? null : node.name());
            this.ledger = Ledgers.open(settings, folders);
            opened.add(0, ledger);
            this.modules = new Modules(settings, ledger, folders, http.address());
            this.leadership = ledger.share().orElse(null);
            if (leadership == null) {
                modules.upkeep().judge();
            }
            this.messaging =
                    settings.jms().on() && modules.upkeep().hold().isEmpty() ? new BrokerConnections(settings) : null;
            if (messaging != null) {
                opened.add(0, messaging);
            }
            // Of a ledger that another one has replaced the folder may be in use; a node has one of its own.
            if (modules.upkeep().hold().isEmpty()) {
                ledger.emptyScratch();
                if (leadership == null) {
                    takeUp();
                }
            }
            this.builders = await(context);
            camel.bind("leader", leadership == null ? LeaderPolicy.always() : policy.of(camel.getCamelContext()));
            modules.bind(camel);
            http.bind(camel, modules);
            camel.bind("extension-routes", this.extensions);
            camel.bind("route-health-check", new RouteHealthCheck());
            modules.ops().bind(camel, messaging == null ? null : messaging.broker());
            if (messaging != null) {
                camel.bind("broker-health-check", new BrokerHealthCheck(messaging.broker()));
            }
        } catch (RuntimeException | LinkageError e) {
            abandon(context, opened, e);
            throw e;
        }
    }

    /** Closes what a failed start has opened. @param reason of the failure; what else goes wrong here is added to it */
    private void abandon(CompletableFuture<?> context, List<AutoCloseable> opened, Throwable reason) {
        List<AutoCloseable> open = new ArrayList<>(List.of(() -> await(context), camel::stop));
        open.addAll(opened);
        if (demo != null) {
            open.add(demo);
        }
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (Exception e) {
                if (e != reason) {
                    reason.addSuppressed(e);
                }
            }
        }
    }

    /** Waits also while the process is stopped: what the context's thread has opened can be closed only afterwards. */
    private static <T> T await(CompletableFuture<T> task) {
        try {
            return task.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException own
                    ? own
                    : RuntimeCamelException.wrapRuntimeCamelException(e.getCause());
        }
    }

    /** Starts and returns when the routes run; does nothing when it was closed before. */
    public synchronized void start() {
        if (closed.getCount() > 0) {
            addRoutes();
            RouteTemplates templates =
                    new RouteTemplates(settings, modules.foundation().folders());
            if (modules.upkeep().hold().isEmpty()) {
                templates.instantiate(camel.getCamelContext());
            }
            templates.instantiateOps(camel.getCamelContext());
            if (messaging != null) {
                messaging.connect(camel.getCamelContext());
            }
            bindMetrics();
            modules.ops().watch(camel.lookupByType(HealthCheck.class).values());
            camel.start();
            if (leadership == null && modules.upkeep().hold().isEmpty()) {
                extensions.load(camel.getCamelContext());
            }
            announce();
            modules.upkeep().hold().ifPresent(reason -> LOG.error("ON HOLD. {}", reason));
            if (leadership != null) {
                LOG.info("This is node {}: it stands by until it leads", node.name());
                gate.obey(leadership, modules.api().shutdown());
                leadership.begin(this);
            }
        }
    }

    @Override
    public void onLeading() {
        new Thread(this::lead, "lead").start();
    }

    /** Takes up what the node before left, then starts the routes of the leader. */
    private void lead() {
        try {
            ledger.lead(leadership);
            modules.upkeep().judge();
            if (modules.upkeep().hold().isEmpty()) {
                takeUp();
                extensions.load(camel.getCamelContext());
                policy.begin();
            }
            modules.upkeep().hold().ifPresent(reason -> LOG.error("ON HOLD. {}", reason));
        } catch (RuntimeException e) {
            LOG.error("This node cannot lead: {}", LogText.firstLine(e));
            LOG.debug("The trace of the failure", e);
            onLost();
        }
    }

    @Override
    public void onLost() {
        if (modules.api().shutdown().requested()) {
            return;
        }
        replaced = true;
        new Thread(this::close, "stand-by").start();
    }

    /**
     * Runs until the process is told to stop; the ledger is closed before the process ends.
     *
     * @return whether it ended because another node leads, so that this one is to begin anew
     */
    public boolean run() throws InterruptedException {
        Thread shutDown = new Thread(this::close, "shut-down");
        Runtime.getRuntime().addShutdownHook(shutDown);
        start();
        if (awaitEnd()) {
            try {
                Runtime.getRuntime().removeShutdownHook(shutDown);
            } catch (IllegalStateException e) {
                // The process is told to stop.
                return false;
            }
        }
        return replaced;
    }

    /** Waits until all is closed. @return whether that is because another node leads */
    boolean awaitEnd() throws InterruptedException {
        closed.await();
        return replaced;
    }

    private static NodeFolder takeNode(Settings settings) {
        try {
            return NodeFolder.take(settings.dataDir(), settings.ledgerAccess().node());
        } catch (IOException e) {
            throw new LedgerException("the data folder cannot be written: " + e, e);
        }
    }

    /** Stops taking rows, waits for what is in flight, and closes everything. */
    @Override
    public synchronized void close() {
        if (closed.getCount() > 0) {
            modules.api().shutdown().begin();
            ledger.shutDown();
            try {
                camel.stop();
                if (messaging != null) {
                    messaging.close();
                }
                noteLedger();
                LOG.info("Stopped. {}", unfinished());
            } finally {
                modules.intake().polls().close();
                modules.foundation().journal().close();
                resign();
                ledger.close();
                if (node != null) {
                    node.close();
                }
                if (demo != null) {
                    demo.close();
                }
                closed.countDown();
            }
        }
    }

    /** Does nothing where the operator has turned metrics off. */
    private void bindMetrics() {
        MeterRegistry registry =
                camel.getCamelContext().getRegistry().lookupByNameAndType("metricsRegistry", MeterRegistry.class);
        if (registry != null) {
            modules.bindMetrics(registry, requests);
            new HealthMetrics(camel.lookupByType(HealthCheck.class).values()).bind(registry);
        }
    }

    /**
     * Makes the context and reads the routes as Camel's own loader does, but each file once: Camel's reads all files a first time for
     * the beans in them.
     */
    private List<RoutesBuilder> makeContext() {
        configureCamel();
        camel.init();
        List<RoutesBuilder> read = new ArrayList<>();
        try {
            RoutesBuilderLoader loader =
                    PluginHelper.getRoutesLoader(camel.getCamelContext()).getRoutesLoader(RouteFiles.KIND);
            for (Resource route : routes) {
                read.add(loader.loadRoutesBuilder(route));
            }
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
        return read;
    }

    /** Adds the routes; on hold those alone that tell people of it. */
    private void addRoutes() {
        CamelContext context = camel.getCamelContext();
        try {
            // Before the routes that name them.
            for (RoutesBuilder builder : builders) {
                context.addRoutesConfigurations((RouteConfigurationsBuilder) builder);
            }
            for (RoutesBuilder builder : builders) {
                if (modules.upkeep().hold().isEmpty() || settings.ops().on() && RouteFiles.areOfOps(builder)) {
                    context.addRoutes(builder);
                }
            }
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    /** Has the next node lead at once, since nothing is under way here. */
    private void resign() {
        if (leadership != null) {
            try {
                if (leadership.mayAct()) {
                    ledger.resign();
                }
            } catch (LedgerException e) {
                LOG.debug("The next node waits before it leads", e);
            } finally {
                leadership.close();
            }
        }
    }

    private void noteLedger() {
        // A ledger on hold must not lower the mark that shows its age.
        if (modules.upkeep().hold().isEmpty()
                && ledger.problem().isEmpty()
                && ledger.standby().isEmpty()) {
            try {
                modules.upkeep().watermark().note();
            } catch (IOException e) {
                LOG.warn("ledger.mark could not be written: {}", e.getMessage());
            }
        }
    }

    private String unfinished() {
        if (ledger.standby().isPresent()) {
            return "This node did not lead";
        }
        if (ledger.problem().isPresent()) {
            return "The next start continues with the files that are unfinished";
        }
        int files = modules.intake().sources().unfinished().size();
        return LogText.count(files, "file") + " unfinished" + (files == 0 ? "" : ": the next start continues");
    }

    /** Takes up what the last run left: leads on the wire are unknown now, and its unfinished files continue. */
    private void takeUp() {
        for (Outbound outbound : settings.outbounds()) {
            modules.foundation().folders().make(outbound.name());
        }
        modules.delivery().register();
        // Before the suppression lists are looked at: the sample's is no change of them.
        if (modules.intake().sources().none()) {
            begin();
        }
        int interrupted = modules.recoverAtStart();
        modules.upkeep().leftBehind().ifPresent(LOG::error);
        if (interrupted > 0) {
            LOG.warn(
                    "The last run ended with {} on the wire: unknown until looked up",
                    LogText.count(interrupted, "lead"));
        }
    }

    /** Says so when nothing was ever taken: the program may have been started in another folder than before. */
    private void begin() {
        if (demo == null) {
            LOG.warn(
                    "No file or message was ever taken in the data folder {}: leads sent before are not known. If there is an"
                            + " earlier data folder, stop this program and set DATA_DIR to that one",
                    settings.dataDir().toAbsolutePath());
        } else {
            demo.dropSample(
                    modules.foundation().folders(),
                    modules.foundation().atomicFiles(),
                    settings.outbounds().get(0).name());
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
        http.properties().forEach(properties::setProperty);
        properties.setProperty("jms.dead-letter-queue", settings.jms().deadLetterQueue());
        http.bind(camel);
        camel.bind(
                "apiClient",
                CompositeHttpConfigurer.combineConfigurers(
                        CompositeHttpConfigurer.combineConfigurers(new Credentials(baseUrl(), token()), requests),
                        // Behind the watch, and so around it.
                        new ConcurrencyLimit(settings.maxInFlight(), gate)));
        // Camel's own hook at the end of the process would race with the one of run().
        camel.setShutdownStrategy(new SimpleMainShutdownStrategy());
        camel.setInitialProperties(properties);
        camel.setPropertyPlaceholderLocations("classpath:dev/pearlroutes/app/camel.properties");
        Properties overrides = new Properties();
        overrides.putAll(settings.camel());
        camel.setOverrideProperties(overrides);
    }

    private URI baseUrl() {
        return demo == null ? settings.baseUrl() : demo.url();
    }

    private String token() {
        return demo == null ? settings.token().reveal() : demo.token();
    }

    /** Logs what an operator wants to know first, on one screen. */
    private void announce() {
        settings.warnings().forEach(LOG::warn);
        if (demo != null) {
            LOG.warn("SANDBOX: nobody is called. Leads go to a stand-in of the API inside this process.");
        } else {
            LOG.warn(
                    "LIVE: each accepted lead is a phone call, by {}",
                    settings.baseUrl().getHost());
        }
        DataFolders folders = modules.foundation().folders();
        for (Outbound outbound : settings.outbounds()) {
            LOG.info(
                    "{}: drop lead files (.csv .xlsx .json .jsonl) in {}",
                    outbound.name(),
                    folders.inbox(outbound.name()));
            LOG.info("{}: receipts and result files appear in {}", outbound.name(), folders.done(outbound.name()));
            LOG.info("{}: <file>.outcomes.csv there has the call outcome of every row", outbound.name());
            if (outbound.sinks().contains("file")) {
                LOG.info("{}: events for programs are in {}", outbound.name(), folders.results(outbound.name()));
            }
        }
        if (messaging != null) {
            LOG.info(
                    "Queues are at {}: send leads to {}, or to {} with a property outbound, and updates to {} with that property",
                    messaging.address(),
                    settings.outbounds().get(0).leadQueue(),
                    Jms.LEADS,
                    Jms.LEAD_UPDATES);
        }
        LOG.info("Health is at {}/observe/health, metrics at /observe/metrics", http.address());
        LOG.info("The page that shows all of it is at {}/", http.address());
    }
}
