package dev.pearlroutes.config;

import java.net.URI;

/**
 * The address to which the HTTP sink of an outbound posts.
 *
 * @param url https, or http to this machine; path and query may be secrets
 * @param secret signing secret by Standard Webhooks, {@code whsec_} and base64; null when nothing is signed
 */
public record HttpTarget(URI url, Secret secret) {
    /** Returns scheme, host and port alone. */
    public String address() {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    @Override
    public String toString() {
        return "HttpTarget[" + address() + "]";
    }
}
