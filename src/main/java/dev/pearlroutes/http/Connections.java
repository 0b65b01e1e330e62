package dev.pearlroutes.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections of the HTTP server, which cost memory before anybody has said who they are. They are bounded in number, and none is
 * kept that brings no whole head of a request for long, however slowly it comes. Its methods are called by any thread.
 */
final class Connections {
    /** Longest time without a request, from its last byte to the next one's head; more than clients keep idle connections. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(75);

    /** Connections at the same time. */
    private static final int MOST = 1_000;

    private final int most;
    private final Duration longestSilence;

    /** Since when each has brought no request, in {@link System#nanoTime()}; the one that is silent longest is the first. */
    private final Map<HttpConnection, Long> silent = new LinkedHashMap<>();

    private int busy;

    Connections() {
        this(MOST, LONGEST_SILENCE);
    }

    Connections(int most, Duration longestSilence) {
        this.most = most;
        this.longestSilence = longestSilence;
    }

    /** Has silent connections closed from now on, until Vert.x is closed. */
    void watch(Vertx vertx) {
        vertx.setPeriodic(Math.max(1, longestSilence.toMillis() / 15), timer -> closeSilent());
    }

    /** Takes a new connection; where there are too many, the one that is silent longest makes way. */
    void opened(HttpConnection connection) {
        connection.closeHandler(closed -> forget(connection));
        HttpConnection superfluous = null;
        synchronized (this) {
            silent.put(connection, System.nanoTime());
            if (busy + silent.size() > most) {
                superfluous = silent.keySet().iterator().next();
            }
        }
        if (superfluous != null) {
            superfluous.close();
        }
    }

    private synchronized void forget(HttpConnection connection) {
        silent.remove(connection);
    }

    /** Takes note of a request, until it is answered. */
    void busy(RoutingContext ctx) {
        HttpConnection connection = ctx.request().connection();
        synchronized (this) {
            silent.remove(connection);
            busy++;
        }
        ctx.addEndHandler(end -> {
            synchronized (this) {
                busy--;
                if (end.succeeded()) {
                    silent.put(connection, System.nanoTime());
                }
            }
        });
    }

    private void closeSilent() {
        long since = System.nanoTime() - longestSilence.toNanos();
        List<HttpConnection> closed = new ArrayList<>();
        synchronized (this) {
            Iterator<Map.Entry<HttpConnection, Long>> each = silent.entrySet().iterator();
            while (each.hasNext()) {
                Map.Entry<HttpConnection, Long> eldest = each.next();
                if (eldest.getValue() - since > 0) {
                    break;
                }
                closed.add(eldest.getKey());
                each.remove();
            }
        }
        closed.forEach(HttpConnection::close);
    }
}
