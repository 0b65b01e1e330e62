package dev.pearlroutes.app;

import dev.pearlroutes.config.Http;
import dev.pearlroutes.config.LocalPort;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Secret;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.http.ApiDescription;
import dev.pearlroutes.http.Asked;
import dev.pearlroutes.http.DoorServer;
import dev.pearlroutes.http.LeadRequests;
import dev.pearlroutes.http.Problems;
import dev.pearlroutes.http.WebhookCredentials;
import dev.pearlroutes.intake.RequestIntake;
import io.vertx.core.VertxOptions;
import java.util.Map;
import org.apache.camel.main.Main;

/** The HTTP server and the beans that answer its requests. */
final class HttpModule {
    /** Threads that answer requests, made as they are needed: some may wait for a receipt. */
    private static final int WORKERS = 64;

    private final Http http;
    private final Map<String, Secret> webhookSecrets;
    private final int port;
    private final DoorServer server;

    /** @throws dev.pearlroutes.config.ConfigurationException when a port is taken or the key store cannot be used */
    HttpModule(Settings settings) {
        this.http = settings.http();
        this.webhookSecrets = settings.byOutbound(Outbound::webhookSecret);
        this.port = LocalPort.find("http.port", http.host(), http.port(), settings.sandbox() && !http.portChosen());
        if (http.webhooksPort() != null) {
            LocalPort.find("http.webhooks-port", "0.0.0.0", http.webhooksPort(), false);
        }
        this.server = new DoorServer(http, port);
    }

    /** Lists what {@code camel.properties} asks for, by its name. */
    Map<String, String> properties() {
        return Map.of("http.host", http.host(), "http.port", Integer.toString(port));
    }

    /** Binds the beans that take requests with leads. */
    void bind(Main camel, Modules modules) {
        Foundation foundation = modules.foundation();
        MessagingModule messaging = modules.messaging();
        RequestIntake intake = new RequestIntake(
                messaging.messages(),
                modules.intake().sources(),
                modules.intake().sourceQueues(),
                foundation.ledger(),
                modules.api().shutdown());
        camel.bind("requestIntake", intake);
        camel.bind(
                "leadRequests",
                new LeadRequests(
                        new Asked(foundation.settings(), modules.intake().sources()),
                        intake,
                        modules.receipts().limits(),
                        modules.receipts().preflight(),
                        messaging.replies()));
    }

    void bind(Main camel) {
        camel.bind("httpProblems", new Problems());
        camel.bind("webhookCredentials", new WebhookCredentials(webhookSecrets));
        camel.bind("apiDescription", new ApiDescription());
        camel.bind("httpServers", new HttpServers(server));
        camel.bind("vertxOptions", new VertxOptions().setWorkerPoolSize(WORKERS));
    }

    /** The address for people on this machine. */
    String address() {
        return (http.keyStore() == null ? "http" : "https") + "://127.0.0.1:" + port;
    }
}
