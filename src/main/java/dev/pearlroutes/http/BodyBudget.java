package dev.pearlroutes.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;

/** The memory for bodies of requests that are being read or worked on, and the bounds of each. Its methods are called by any thread. */
final class BodyBudget {
    /** Longest time in which a body comes. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** How long a body is counted that its route may still work on, though its client is gone. */
    private static final Duration ABANDONED = Duration.ofSeconds(30);

    /** A body is in memory several times while its rows are read, and other work goes on. */
    private static final int PART_OF_MEMORY = 8;

    private final int most;
    private final Duration timeout;
    private final Duration abandoned;
    private long left;

    /**
     * @param most bytes of the largest body
     * @param bodies of that size for which there is memory
     */
    BodyBudget(int most, int bodies, Duration timeout, Duration abandoned) {
        this.most = most;
        this.timeout = timeout;
        this.abandoned = abandoned;
        this.left = (long) most * bodies;
    }

    /** Bounds bodies as the memory of the program allows, which may be less than what is given. */
    static BodyBudget inMemory(long memory, int most, int bodies) {
        long all = memory / PART_OF_MEMORY;
        int largest = (int) Math.min(most, all);
        return new BodyBudget(largest, (int) Math.min(bodies, all / largest), TIMEOUT, ABANDONED);
    }

    int most() {
        return most;
    }

    /** Lets a request on to its route with its body, if there is memory for that; one that comes too slowly is given up. */
    void admit(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null) {
            ctx.next();
            return;
        }
        // Vert.x has checked that it is a number. Chunks are counted as they come: most bodies in chunks are small.
        long declared = length == null ? 0 : Long.parseLong(length);
        if (declared > most) {
            tooLarge(ctx);
        } else if (!take(declared)) {
            tooMany(ctx);
        } else {
            new Body(ctx, (int) declared).read();
        }
    }

    private void tooLarge(RoutingContext ctx) {
        new Problem(413, "Too large", "a body has at most " + most + " bytes: send it in parts").answerAndClose(ctx);
    }

    private static void tooMany(RoutingContext ctx) {
        ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(HttpDoor.RETRY_AFTER_SECONDS));
        new Problem(HttpDoor.UNAVAILABLE, "Too many requests at once", "send it again in a moment").answerAndClose(ctx);
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

    /** A body that comes. It is used by the event loop of its connection. */
    private final class Body {
        private final RoutingContext ctx;
        private final Buffer read;
        private long taken;
        private boolean over;

        Body(RoutingContext ctx, int taken) {
            this.ctx = ctx;
            this.taken = taken;
            this.read = Buffer.buffer(taken);
        }

        void read() {
            HttpServerRequest request = ctx.request();
            long timer = ctx.vertx().setTimer(timeout.toMillis(), id -> giveUp());
            ctx.addEndHandler(end -> {
                ctx.vertx().cancelTimer(timer);
                over = true;
                if (end.failed() && request.isEnded()) {
                    ctx.vertx().setTimer(abandoned.toMillis(), id -> release(taken));
                } else {
                    release(taken);
                }
            });
            if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
                ctx.response().writeContinue();
            }
            request.handler(this::add);
            request.endHandler(end -> handOver());
        }

        private void giveUp() {
            if (!over && !ctx.request().isEnded()) {
                over = true;
                new Problem(408, "Too slow", "the body did not come within " + timeout.toSeconds() + " s")
                        .answerAndClose(ctx);
            }
        }

        private void add(Buffer chunk) {
            if (over) {
                return;
            }
            long more = Math.max(0, read.length() + chunk.length() - taken);
            if (read.length() + chunk.length() > most) {
                over = true;
                tooLarge(ctx);
            } else if (!take(more)) {
                over = true;
                tooMany(ctx);
            } else {
                taken += more;
                read.appendBuffer(chunk);
            }
        }

        private void handOver() {
            if (!over) {
                // As the body handler of Vert.x does it, which then leaves the request alone.
                RoutingContextInternal inner = (RoutingContextInternal) ctx;
                inner.visitHandler(RoutingContextInternal.BODY_HANDLER);
                inner.setBody(read);
                ctx.next();
            }
        }
    }
}
