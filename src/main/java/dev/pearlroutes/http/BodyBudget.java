package dev.pearlroutes.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;

/** The memory for bodies of requests that are being read or worked on, and the bounds of each. Its methods are called by any thread. */
final class BodyBudget {
    /** Longest time in which a body comes. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** How long a body is counted that its route may still work on, though its client is gone. */
    private static final Duration ABANDONED = Duration.ofSeconds(30);

    private final int most;
    private final BodyHandler reader;
    private final Duration timeout;
    private final Duration abandoned;
    private long left;

    /**
     * @param most bytes of the largest body
     * @param bodies of that size for which there is memory
     */
    BodyBudget(int most, int bodies) {
        this(most, bodies, TIMEOUT, ABANDONED);
    }

    BodyBudget(int most, int bodies, Duration timeout, Duration abandoned) {
        this.most = most;
        this.reader = BodyHandler.create(false).setBodyLimit(most);
        this.timeout = timeout;
        this.abandoned = abandoned;
        this.left = (long) most * bodies;
    }

    /** Lets a request on to its route with its body, if there is memory for that; one that comes too slowly is given up. */
    void admit(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean chunked = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        if (length == null && !chunked) {
            ctx.next();
            return;
        }
        // Vert.x has checked that it is a number.
        long bytes = length == null ? most : Long.parseLong(length);
        if (bytes > most) {
            new Problem(413, "Too large", "a body has at most " + most + " bytes: send it in parts")
                    .answerAndClose(ctx);
        } else if (!take(bytes)) {
            ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(HttpDoor.RETRY_AFTER_SECONDS));
            new Problem(HttpDoor.UNAVAILABLE, "Too many requests at once", "send it again in a moment")
                    .answerAndClose(ctx);
        } else {
            long timer = ctx.vertx().setTimer(timeout.toMillis(), id -> {
                if (!request.isEnded()) {
                    new Problem(408, "Too slow", "the body did not come within " + timeout.toSeconds() + " s")
                            .answerAndClose(ctx);
                }
            });
            ctx.addEndHandler(end -> {
                ctx.vertx().cancelTimer(timer);
                if (end.failed() && request.isEnded()) {
                    ctx.vertx().setTimer(abandoned.toMillis(), id -> release(bytes));
                } else {
                    release(bytes);
                }
            });
            // Camel's own would read chunks up to the bound of all bodies.
            reader.handle(ctx);
        }
    }

    private synchronized boolean take(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }

    private synchronized void release(long bytes) {
        left += bytes;
    }
}
