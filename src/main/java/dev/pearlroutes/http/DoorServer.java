package dev.pearlroutes.http;

import dev.pearlroutes.config.Http;
import dev.pearlroutes.intake.MessageIntake;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.ExecutionException;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/** Camel's HTTP server with the door in front of all routes before it listens, bounds on connections, and a port for webhooks alone. */
public final class DoorServer extends VertxPlatformHttpServer {
    /** Seconds in which a request that is worked on, or an answer that nobody reads, has no byte on its connection. */
    private static final int LONGEST_STANDSTILL = 600;

    private final Http http;
    private final VertxPlatformHttpServerConfiguration configuration;
    private final KeyCertOptions keys;
    private final Connections connections = new Connections();
    private HttpServer server;
    private HttpServer webhooks;

    /**
     * @param port that it listens on
     * @throws dev.pearlroutes.config.ConfigurationException when the key store cannot be used
     */
    public DoorServer(Http http, int port) {
        this(http, configuration(http.host(), port));
    }

    private DoorServer(Http http, VertxPlatformHttpServerConfiguration configuration) {
        super(configuration);
        this.http = http;
        this.configuration = configuration;
        this.keys = http.keyStore() == null ? null : ServerKeys.read(http.keyStore());
    }

    private static VertxPlatformHttpServerConfiguration configuration(String host, int port) {
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setServerType(VertxPlatformHttpRouter.SERVER_TYPE_SERVER);
        configuration.setBindHost(host);
        configuration.setBindPort(port);
        configuration.setMaxBodySize((long) MessageIntake.MAX_BODY);
        configuration.getBodyHandler().setHandleFileUploads(false);
        return configuration;
    }

    @Override
    public HttpServer getServer() {
        return server;
    }

    @Override
    protected void startServer() throws Exception {
        VertxPlatformHttpRouter router = VertxPlatformHttpRouter.lookup(
                getCamelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(configuration.getBindPort()));
        new HttpDoor(http, getCamelContext(), connections).lock(router);
        connections.watch(getVertx());
        server = await(listener(getVertx(), router, connections, keys)
                .listen(configuration.getBindPort(), configuration.getBindHost()));
        if (http.webhooksPort() != null) {
            webhooks = await(listener(getVertx(), router, connections, keys).listen(http.webhooksPort()));
        }
    }

    /** Makes what listens on a port. @param keys null for no TLS */
    static HttpServer listener(Vertx vertx, Router router, Connections connections, KeyCertOptions keys) {
        HttpServerOptions options = new HttpServerOptions()
                .setIdleTimeout(LONGEST_STANDSTILL)
                // Its requests share a connection, and bring bodies without saying so in a header: no bound here would
                // hold.
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false);
        if (keys != null) {
            options.setSsl(true).setKeyCertOptions(keys);
        }
        return vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .invalidRequestHandler(DoorServer::refuse)
                .requestHandler(router);
    }

    /** Answers what is no request of HTTP, or has too long a head. */
    private static void refuse(HttpServerRequest request) {
        Throwable why = request.decoderResult().cause();
        Problem problem;
        if (why instanceof TooLongHttpLineException) {
            problem = new Problem(414, "Address is too long", null);
        } else if (why instanceof TooLongHttpHeaderException) {
            problem = new Problem(431, "Headers are too long", null);
        } else {
            problem = new Problem(400, HttpDoor.NO_HTTP, null);
        }
        request.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.CONTENT_TYPE)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(problem.json())
                .onComplete(sent -> request.connection().close());
    }

    @Override
    protected void stopServer() {
        try {
            if (server != null) {
                awaitEnd(server.close());
            }
            if (webhooks != null) {
                awaitEnd(webhooks.close());
            }
        } finally {
            server = null;
            webhooks = null;
        }
    }

    /** Camel's own would use a thread that it makes for its own server only. */
    @Override
    protected void stopVertx() {
        if (getVertx() != null) {
            awaitEnd(getVertx().close());
            setVertx(null);
        }
    }

    private static void awaitEnd(Future<Void> end) {
        try {
            await(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static <T> T await(Future<T> task) throws InterruptedException, ExecutionException {
        return task.toCompletionStage().toCompletableFuture().get();
    }
}
