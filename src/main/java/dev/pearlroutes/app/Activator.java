package dev.pearlroutes.app;

import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.RuntimeHost;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.messaging.BrokerConnections;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the routes inside Apache Karaf, from the bundle's start to its stop. The configuration is in the folder
 * {@code pearl-routes} of Karaf's {@code etc}; relative paths in it are seen from the folder {@code pearl-routes} of Karaf.
 */
public final class Activator implements BundleActivator {
    private static final Logger LOG = LoggerFactory.getLogger(Activator.class);
    private static final String FOLDER = "pearl-routes";
    private static final String CONFIGURATION = "application.properties";
    private static final Duration LAST_THREADS = Duration.ofSeconds(10);

    private volatile PearlRoutes routes;

    /** @throws BundleException when the routes cannot start; the reason is logged, and nothing is left open */
    @Override
    public void start(BundleContext context) throws BundleException {
        try {
            routes = onThreadOfItsOwn(() -> run(context));
            Thread again = new Thread(() -> standByAgain(context), "pearl-routes-again");
            again.setDaemon(true);
            again.start();
        } catch (ExecutionException e) {
            String reason = StartupFailure.because(e);
            LOG.error(reason);
            LOG.debug("The trace of the failure", e);
            // Without the cause, whose trace Karaf would print.
            throw new BundleException(reason, BundleException.ACTIVATOR_ERROR);
        }
    }

    /** Waits for what is in flight; see {@link PearlRoutes#close}. */
    @Override
    public void stop(BundleContext context) throws BundleException {
        try {
            onThreadOfItsOwn(() -> {
                close(routes);
                return null;
            });
        } catch (ExecutionException e) {
            throw new BundleException("pearl-routes did not stop as it should", BundleException.ACTIVATOR_ERROR, e);
        }
    }

    /** Begins anew each time that another node has taken over. */
    private void standByAgain(BundleContext context) {
        try {
            while (routes.awaitEnd()) {
                routes = onThreadOfItsOwn(() -> run(context));
            }
        } catch (ExecutionException e) {
            LOG.error("This node cannot stand by: {}", StartupFailure.because(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static PearlRoutes run(BundleContext context) throws IOException {
        Path etc = folder(context, "karaf.etc").resolve(FOLDER);
        Settings settings = Configuration.load(
                configuration(etc),
                System.getenv(),
                RuntimeHost.esb(folder(context, "karaf.base").resolve(FOLDER)));
        PearlRoutes routes = null;
        try {
            routes = new PearlRoutes(settings, routeFiles(context.getBundle()), etc.resolve("routes"));
            routes.start();
            return routes;
        } catch (RuntimeException | LinkageError e) {
            close(routes);
            throw e;
        }
    }

    /** @param routes null when they could not be made */
    private static void close(PearlRoutes routes) {
        try {
            if (routes != null) {
                routes.close();
            }
        } finally {
            // What outlives the context: threads of Artemis's client, which keeps those of connections for 10 s more,
            // and SQLite's driver, which entered itself in a list that shows no others here.
            BrokerConnections.endClientThreads();
            awaitThreads();
            Ledger.deregisterDriver();
        }
    }

    /** Threads that were told to end need the bundle's classes until they have. */
    private static void awaitThreads() {
        long until = System.nanoTime() + LAST_THREADS.toNanos();
        Thread.getAllStackTraces().keySet().stream().filter(Activator::isOurs).forEach(thread -> {
            try {
                thread.join(
                        Math.max(1, Duration.ofNanos(until - System.nanoTime()).toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Those that the JDK makes for itself are of the topmost group. */
    private static boolean isOurs(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return thread != Thread.currentThread()
                && thread.getContextClassLoader() == Activator.class.getClassLoader()
                && group != null
                && group.getParent() != null;
    }

    /**
     * Libraries look their parts up by the thread's class loader, which the threads they make inherit, and they leave things on
     * the thread, which would keep a removed bundle in memory if it were one of Karaf's.
     */
    private static <T> T onThreadOfItsOwn(Callable<T> work) throws ExecutionException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, "pearl-routes", 0, false);
        thread.setContextClassLoader(Activator.class.getClassLoader());
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    thread.interrupt();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Path folder(BundleContext context, String property) {
        String folder = context.getProperty(property);
        if (folder == null) {
            throw new ConfigurationException("there is no property " + property + ": this bundle is for Apache Karaf");
        }
        return Path.of(folder).toAbsolutePath().normalize();
    }

    /** The operator's file; before there is one, the shipped one, by which nobody is called. */
    private static Path configuration(Path etc) throws IOException {
        Path file = etc.resolve(CONFIGURATION);
        if (Files.notExists(file)) {
            try (InputStream shipped = Activator.class.getResourceAsStream("/config/" + CONFIGURATION)) {
                Files.createDirectories(etc);
                Files.copy(shipped, file);
            }
            LOG.warn("There was no configuration: {} is the shipped one, which runs the sandbox", file);
        }
        return file;
    }

    private static List<Resource> routeFiles(Bundle bundle) {
        return Collections.list(bundle.findEntries("routes", "*" + RouteFiles.ENDING, true)).stream()
                .sorted(Comparator.comparing(URL::getPath))
                .map(Activator::resource)
                .toList();
    }

    private static Resource resource(URL url) {
        try (InputStream in = url.openStream()) {
            return ResourceHelper.fromBytes("bundle:" + url.getPath(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the route " + url.getPath() + " of the bundle cannot be read", e);
        }
    }
}
