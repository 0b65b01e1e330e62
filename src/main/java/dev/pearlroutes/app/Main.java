package dev.pearlroutes.app;

import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.upkeep.Commands;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.camel.spi.Resource;
import org.slf4j.LoggerFactory;

/** Starts the routes and runs them until the process is told to stop; with arguments, runs a command instead. */
public final class Main {
    /** Folder with the routes; {@code bin/pearl-routes} names its own. */
    private static final String ROUTES_PROPERTY = "pearl.routes";

    private static final int CANNOT_START = 1;

    private Main() {}

    /** Exits with 0 after a clean stop, with 1 and one line on stderr when it cannot start; a command has codes of its own. */
    public static void main(String[] args) {
        Path config = Path.of(System.getenv().getOrDefault("CONFIG_DIR", "config"));
        configureLogging(config);
        // The server of health and metrics serves no files. Its cache of them would stay behind after each kill -9, and
        // cannot
        // be made any more when the process is told to stop while it starts.
        System.setProperty("vertx.disableFileCPResolving", "true");
        // Threads of libraries must not keep a process alive that has ended its work.
        System.exit(args.length == 0 ? run(config) : command(config, args));
    }

    private static int command(Path config, String... arguments) {
        return Commands.execute(
                config.resolve("application.properties"),
                System.getenv(),
                new InputStreamReader(System.in, Charset.defaultCharset()),
                new PrintWriter(System.out, true),
                new PrintWriter(System.err, true),
                arguments);
    }

    private static int run(Path config) {
        Thread log = new Thread(() -> LoggerFactory.getLogger(Main.class), "log");
        log.start();
        new Thread(() -> readCertificates(log), "certificates").start();
        try {
            Settings settings = Configuration.load(config.resolve("application.properties"), System.getenv());
            // Whoever logs before it is set up has SLF4J complain.
            join(log);
            List<Resource> files = RouteFiles.in(Path.of(System.getProperty(ROUTES_PROPERTY, "routes")));
            try (PearlRoutes routes = new PearlRoutes(settings, files, config.resolve("routes"))) {
                routes.run();
            }
            return 0;
        } catch (Exception e) {
            System.err.println(StartupFailure.because(e));
            // A log that is set up while the process ends says so.
            join(log);
        }
        return CANNOT_START;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those that HTTP clients trust: Java keeps what it has read, and takes a while to read it. */
    private static void readCertificates(Thread log) {
        try {
            SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            join(log);
            LoggerFactory.getLogger(Main.class).debug("Whoever needs the certificates will tell", e);
        }
    }

    /** To be called before the first logger is made. The operator's file wins, and a -D wins over that. */
    private static void configureLogging(Path config) {
        Path file = config.resolve("log4j2.properties");
        if (System.getProperty("log4j2.configurationFile") == null && Files.isReadable(file)) {
            System.setProperty("log4j2.configurationFile", file.toUri().toString());
        }
    }
}
