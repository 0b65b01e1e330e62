package dev.pearlroutes.config;

import java.net.URI;
import java.util.List;

/**
 * The address to which the HTTP sink of an outbound posts.
 *
 * @param url https, or http to this machine; path and query may be secrets
 * @param secret signing secret by Standard Webhooks, {@code whsec_} and base64; null when nothing is signed
 */
public record HttpTarget(URI url, Secret secret) {
    /**
     * Reads the one of some sinks, and complains when they need one.
     *
     * @param sinks null when they were refused
     * @param outbound name of the outbound that the keys are of; null for none
     * @return null when no address is configured
     */
    static HttpTarget read(ConfigSource source, List<String> sinks, SinkKeys keys, String outbound) {
        URI url = source.read(keys.url(), outbound);
        Secret secret = source.read(keys.secret(), outbound);
        String urlKey = keys.url().in(outbound);
        if (url == null && !source.wasRefused(urlKey) && sinks != null && sinks.contains("http")) {
            source.require(urlKey, keys.sinks().in(outbound) + " has http, which needs an address to post to");
        }
        return url == null ? null : new HttpTarget(url, secret);
    }

    /** The keys by which an HTTP sink is configured. */
    record SinkKeys(Key<List<String>> sinks, Key<URI> url, Key<Secret> secret) {
        static final SinkKeys OF_OUTBOUND = new SinkKeys(Keys.SINKS, Keys.HTTP_SINK_URL, Keys.HTTP_SINK_SECRET);
        static final SinkKeys OF_OPS = new SinkKeys(Keys.OPS_SINKS, Keys.OPS_HTTP_SINK_URL, Keys.OPS_HTTP_SINK_SECRET);
    }

    /** Returns scheme, host and port alone. */
    public String address() {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    @Override
    public String toString() {
        return "HttpTarget[" + address() + "]";
    }
}
