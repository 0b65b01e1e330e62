package dev.pearlroutes.sandbox;

import java.net.URI;

/**
 * Where the sandbox posts what happens to an outbound's leads and calls.
 *
 * @param address to which {@code /calls} and {@code /leads} are added
 * @param secret sent as a bearer token
 * @param payload V2, or V1 with its names in PascalCase
 * @param unruly whether some webhooks come twice or in another order, as seen in production
 */
public record WebhookTarget(URI address, String secret, Payload payload, boolean unruly) {
    /** The payloads of the platform, chosen there for each Pearl. */
    public enum Payload {
        V1,
        V2
    }

    @Override
    public String toString() {
        return "WebhookTarget[" + address + "]";
    }
}
