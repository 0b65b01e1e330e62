package dev.pearlroutes.http;

import dev.pearlroutes.config.Secret;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The credentials that the platform sends with what it posts, one of each outbound that has webhooks. */
public final class WebhookCredentials {
    /** Of {@code /webhooks/demo/calls/secret}, with the empty one before the first slash. */
    private static final int PARTS_WITH_CREDENTIAL = 5;

    private final Map<String, Secret> secrets;

    /** @param secrets by name of the outbound; one that is missing has no webhooks */
    public WebhookCredentials(Map<String, Secret> secrets) {
        this.secrets = Map.copyOf(secrets);
    }

    /**
     * Lets a webhook in that brings the credential of its outbound in one of three ways; the platform's own is not documented. Each is null
     * when it is not there.
     *
     * @param authorization header with a bearer token
     * @param apiKey header {@code X-Api-Key}
     * @param path of the request, whose last part it may be
     * @throws ProblemException when the outbound has no webhooks, or no right credential is there
     */
    public void check(String outbound, String authorization, String apiKey, String path) {
        Secret secret = secrets.get(outbound);
        if (secret == null) {
            throw new ProblemException(
                    404,
                    "No webhooks",
                    "there is no such outbound, or outbound.<name>.webhook-secret is not set for it");
        }
        byte[] right = HttpCredentials.bytes(secret.reveal());
        boolean known = Stream.of(HttpCredentials.bearer(authorization), apiKey, lastPart(path))
                .filter(Objects::nonNull)
                .anyMatch(given -> HttpCredentials.same(right, HttpCredentials.bytes(given.strip())));
        if (!known) {
            throw new ProblemException(
                    401,
                    "Wrong credential",
                    "send outbound.<name>.webhook-secret as a bearer token, as X-Api-Key or as the last part of the path");
        }
    }

    /** Returns what stands behind the address of a webhook, and not in its query or a header of that name; null when nothing does. */
    private static String lastPart(String path) {
        String[] parts = path.split("/");
        return parts.length == PARTS_WITH_CREDENTIAL ? parts[PARTS_WITH_CREDENTIAL - 1] : null;
    }
}
