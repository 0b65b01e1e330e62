package dev.pearlroutes.http;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;

/** A port of the HTTP server with one part of the door behind it, whose bounds are small. */
final class ServerOfTest implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final Router router = Router.router(vertx);

    URI start(Connections connections) {
        connections.watch(vertx);
        int port = DoorServer.listener(vertx, router, connections, null)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
