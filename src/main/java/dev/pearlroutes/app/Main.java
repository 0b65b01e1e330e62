package dev.pearlroutes.app;

import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.config.ConfigurationException;
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

/** The program: runs the routes until the process is told to stop, or a command when there are arguments. */
public final class Main {
    /** Folder with the routes; {@code bin/pearl-routes} names its own. */
    private static final String ROUTES_PROPERTY = "pearl.routes";

    private static final int CANNOT_START = 1;

    /** Puts another layout into the appender {@code console} of the operator's file, and leaves its levels. */
    private static final String JSON_LINES = "classpath:dev/pearlroutes/app/log4j2-json.properties";

    private Main() {}

    /** Exits with 0 after a clean stop, with 1 and one line on stderr when it cannot start; a command has codes of its own. */
    public static void main(String[] args) {
        Path config = Path.of(System.getenv().getOrDefault("CONFIG_DIR", "config"));
        try {
            configureLogging(config, System.getenv("LOG_FORMAT"));
        } catch (ConfigurationException e) {
            System.err.println(StartupFailure.because(e));
            System.exit(CANNOT_START);
        }
        // The server of health and metrics serves no files. Its cache of them would stay behind after each kill -9, and
        // cannot be
        // made any more when the process is told to stop while it starts.
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
            // SLF4J complains when something logs before it is set up.
            join(log);
            LoggerFactory.getLogger(PearlRoutes.class)
                    .info("Starting with the data folder {}", settings.dataDir().toAbsolutePath());
            List<Resource> files = RouteFiles.in(Path.of(System.getProperty(ROUTES_PROPERTY, "routes")));
            boolean again = true;
            while (again) {
                try (PearlRoutes routes = new PearlRoutes(settings, files, config.resolve("routes"))) {
                    again = routes.run();
                }
            }
            return 0;
        } catch (Exception e) {
            System.err.println(StartupFailure.because(e));
            // A log that is set up while the process ends complains.
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

    /** Reads the certificates that HTTP clients trust: that takes a while, and Java keeps what it has read. */
    private static void readCertificates(Thread log) {
        try {
            SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            join(log);
            LoggerFactory.getLogger(Main.class).debug("The certificates could not be read ahead", e);
        }
    }

    /**
     * Names the operator's file to the log, unless a -D names one, and what changes its lines to JSON. To be called before the first
     * logger is made.
     *
     * @param format {@code text}, {@code json}, or null for the former
     * @throws ConfigurationException when it is something else
     */
    private static void configureLogging(Path config, String format) {
        boolean json = "json".equals(format);
        if (!json && format != null && !format.isEmpty() && !format.equals("text")) {
            throw new ConfigurationException("LOG_FORMAT is text or json: correct the environment variable.");
        }
        Path file = config.resolve("log4j2.properties");
        if (System.getProperty("log4j2.configurationFile") == null && Files.isReadable(file)) {
            System.setProperty("log4j2.configurationFile", file.toUri() + (json ? "," + JSON_LINES : ""));
        }
    }
}
