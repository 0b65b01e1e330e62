package dev.pearlroutes.app;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.http.HttpClientOfTest;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerChanges;
import dev.pearlroutes.ledger.LedgerFixture;
import dev.pearlroutes.ledger.PostgresServer;
import dev.pearlroutes.messaging.BrokerConnections;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultExchange;

/**
 * The whole bundle as a test runs it: the shipped routes, a configuration file of its own, a data folder, and an API on a
 * loopback port. It has one outbound, {@code acme} with the id {@code ob-1}, unless a setting says otherwise.
 */
public final class Bundle implements AutoCloseable {
    public static final String TOKEN = "account:secret-of-the-test";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path home;
    private final PearlRoutes routes;

    private Bundle(Path home, PearlRoutes routes) {
        this.home = home;
        this.routes = routes;
    }

    /** A sandbox as the bundle's API expects to find it; call {@code start()} on it. */
    public static SandboxOptions sandbox() {
        return new SandboxOptions().token(TOKEN).outbound("ob-1", "acme");
    }

    public static Bundle start(Path home, Sandbox api, String... settings) {
        return start(home, api.url(), settings);
    }

    /**
     * @param settings {@code key=value}, over the defaults of the test: no pace, a search only when a test sends one, and no look at the
     *     account
     */
    public static Bundle start(Path home, URI api, String... settings) {
        PearlRoutes routes = make(home, api, settings);
        try {
            routes.start();
            if (LedgerFixture.isPostgresql()) {
                Ledger ledger = (Ledger) part(routes, "ledger");
                Path inbox = home.resolve("data").resolve("inbox").resolve("acme");
                await("leads").until(() -> ledger.standby().isEmpty() && Files.isDirectory(inbox));
            }
        } catch (RuntimeException e) {
            routes.close();
            throw e;
        }
        return new Bundle(home, routes);
    }

    /** Every bean that the routes can name, by name, and the keys of the properties set for them; nothing is started. */
    public static void inspect(Path home, BiConsumer<Map<String, Object>, Set<String>> inspector) {
        try (PearlRoutes routes = make(home, URI.create("http://127.0.0.1:9"))) {
            Main camel = camel(routes);
            inspector.accept(
                    camel.lookupByType(Object.class),
                    camel.getInitialProperties().stringPropertyNames());
        }
    }

    private static PearlRoutes make(Path home, URI api, String... settings) {
        Map<String, String> keys = new TreeMap<>(Map.of(
                // Stopping waits for a poll to end: nothing but time in a test.
                "camel.component.seda.defaultPollTimeout", "50",
                "data.dir", home.resolve("data").toString(),
                "nlpearl.sandbox", "false",
                "nlpearl.token", TOKEN,
                "nlpearl.base-url", api.toString(),
                "nlpearl.max-per-second", "0",
                "http.port", "0",
                "outbound.acme.id", "ob-1",
                "outbound.acme.default-region", "US",
                "outbound.acme.search-calls.cron", "0 0 0 1 1 ?"));
        keys.put("files.quiet-time", "100ms");
        keys.put("nlpearl.account-check", "0");
        // An event is gone once every sink has it, so that a test sees when all is delivered.
        keys.put("results.keep-events", "0");
        if (LedgerFixture.isPostgresql()) {
            keys.put("ledger.url", PostgresServer.url(home));
            keys.put("ledger.username", "postgres");
        }
        for (String setting : settings) {
            keys.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        Path file = home.resolve("application.properties");
        write(
                file,
                keys.entrySet().stream()
                        .map(key -> key.getKey() + "=" + key.getValue())
                        .collect(Collectors.joining("\n")));
        return new PearlRoutes(
                Configuration.load(file, Map.of()), RouteFiles.in(Path.of("routes")), home.resolve("routes"));
    }

    public Path data() {
        return home.resolve("data");
    }

    public Path done(String file) {
        return data().resolve("done/acme").resolve(file);
    }

    public Path failed(String file) {
        return data().resolve("failed/acme").resolve(file);
    }

    /** Drops a whole file, which is taken when it was seen unchanged for the short time of the test. */
    public void drop(String file, String text) {
        drop(file, text.getBytes(StandardCharsets.UTF_8));
    }

    public void drop(String outbound, String file, String text) {
        drop(outbound, file, text.getBytes(StandardCharsets.UTF_8));
    }

    public void drop(String file, byte[] bytes) {
        drop("acme", file, bytes);
    }

    private void drop(String outbound, String file, byte[] bytes) {
        try {
            Path aside = Files.createTempFile(home, "drop", "");
            Files.write(aside, bytes);
            Files.move(aside, data().resolve("inbox").resolve(outbound).resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the receipt of a file. */
    public JsonNode receipt(String file) {
        Path receipt = done(file + ".receipt.json");
        await("receipt of " + file).until(() -> Files.exists(receipt));
        return json(receipt);
    }

    /** The receipts that are there in a folder of {@code done/}, for files whose names the program makes. */
    public List<JsonNode> receipts(String folder) {
        if (!Files.isDirectory(done(folder))) {
            return List.of();
        }
        try (var files = Files.list(done(folder))) {
            return files.filter(file -> file.toString().endsWith(".receipt.json"))
                    .map(Bundle::json)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a file to be set aside and returns the reason. */
    public String failure(String file) {
        await("failure of " + file).until(() -> Files.exists(failed(file)));
        return text(failed(file + ".reason.txt"));
    }

    /** The events in the file sink's files of a stream, {@code leads} or {@code calls}. */
    public List<JsonNode> events(String stream) {
        Path folder = data().resolve("results/acme");
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(stream))
                    .sorted()
                    .flatMap(file -> text(file).lines())
                    .map(Bundle::json)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the search for calls once, here and now; when this returns the run is over, whether it failed or not. */
    public void searchCalls() {
        Route route = camel().getRoute("search-calls-acme");
        Exchange tick = new DefaultExchange(route.getCamelContext());
        try {
            route.getProcessor().process(tick);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        if (tick.getException() != null) {
            throw new IllegalStateException("Quartz would log the whole of it", tick.getException());
        }
    }

    /** The running context, for what no file, no request and no ledger row shows. */
    public CamelContext camel() {
        return camel(routes).getCamelContext();
    }

    /** The id of a lead with the number, to list a call under it: one that no lead lists is waited for, since lists may lag. */
    public static String leadWith(Sandbox api, String number) {
        return api.leads("ob-1").stream()
                .filter(lead -> lead.phoneNumber().equals(number))
                .map(SandboxLead::id)
                .findFirst()
                .orElse(null);
    }

    /** Address of the broker, without credentials. */
    public String brokerUrl() {
        return ((BrokerConnections) part(routes, "messaging")).address();
    }

    /** A client of the HTTP server. */
    public HttpClientOfTest http() {
        return new HttpClientOfTest(URI.create(((HttpModule) part(routes, "http")).address()));
    }

    /** What health says of the sending: the reasons why it waits, or {@code UP}. */
    public String health() {
        return health("line-health-check");
    }

    /** What health says of the broker: why it cannot be used, or {@code UP}. */
    public String brokerHealth() {
        return health("broker-health-check");
    }

    /** What a health check says, by the name of its bean: why it is DOWN, or {@code UP}. */
    public String health(String name) {
        HealthCheck.Result result = ((HealthCheck) camel().getRegistry().lookupByName(name)).call();
        return result.getState() == HealthCheck.State.UP
                ? "UP"
                : result.getMessage().orElse("DOWN");
    }

    /** What health counts of the sending, by name. */
    public Map<String, Object> healthDetails() {
        return ((HealthCheck) camel().getRegistry().lookupByName("line-health-check"))
                .call()
                .getDetails();
    }

    /** Changes the ledger from inside, in a transaction among the bundle's own. */
    public void changeLedger(String sql) {
        LedgerChanges.change((Ledger) part(routes, "ledger"), sql);
    }

    static Main camel(PearlRoutes routes) {
        return (Main) part(routes, "camel");
    }

    private static Object part(PearlRoutes routes, String name) {
        try {
            Field part = PearlRoutes.class.getDeclaredField(name);
            part.setAccessible(true);
            return part.get(routes);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(Path file) {
        return json(text(file));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the bundle as SIGTERM does. */
    @Override
    public void close() {
        routes.close();
    }
}
