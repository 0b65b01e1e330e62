package dev.pearlroutes.nlpearl;

import java.net.URI;
import org.apache.hc.core5.http.HttpHost;

/** The host of the API, among those that Camel's HTTP client may talk to for routes of the operator. */
final class ApiHost {
    private final HttpHost host;

    ApiHost(URI baseUrl) {
        this.host = complete(new HttpHost(baseUrl.getScheme(), baseUrl.getHost(), baseUrl.getPort()));
    }

    boolean is(HttpHost target) {
        return host.equals(complete(target));
    }

    private static HttpHost complete(HttpHost host) {
        int usual = host.getSchemeName().equals("https") ? 443 : 80;
        return new HttpHost(host.getSchemeName(), host.getHostName(), host.getPort() >= 0 ? host.getPort() : usual);
    }
}
