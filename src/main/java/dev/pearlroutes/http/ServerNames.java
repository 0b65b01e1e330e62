package dev.pearlroutes.http;

import dev.pearlroutes.config.Http;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** The names by which the HTTP server is called, so that no page of another site can act through a browser. */
final class ServerNames {
    private static final Set<String> OF_THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");

    private final Http http;

    ServerNames(Http http) {
        this.http = http;
    }

    /** Tells whether a request was sent to a name of this server: a foreign one may lead here by an attacker's name server. */
    boolean sentHere(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null) {
            return false;
        }
        String host = authority.host().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        return OF_THIS_MACHINE.contains(host)
                || host.equals(http.host())
                || host.equals(request.localAddress().hostAddress())
                || http.allowedHosts().contains(host);
    }

    /** Tells whether the page of another site has a browser make the request; to be led here by a link is no harm. */
    static boolean isForeignPage(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean followsLink =
                request.method() == HttpMethod.GET && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
        if (site != null && !Set.of("same-origin", "none").contains(site) && !followsLink) {
            return true;
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return false;
        }
        try {
            URI page = URI.create(origin);
            HostAndPort here = request.authority();
            return !here.host().equalsIgnoreCase(page.getHost()) || here.port() != page.getPort();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }
}
