package dev.pearlroutes.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.config.HttpTarget;
import dev.pearlroutes.nlpearl.AnswerClassifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Headers;

/**
 * The HTTP sink: makes requests of structured CloudEvents and reads what the receiver answers. Where a secret is set the request is signed by
 * Standard Webhooks [https://www.standardwebhooks.com].
 */
public final class HttpSink {
    /** Statuses below 500 after which the same event is sent again. */
    private static final Set<Integer> AGAIN = Set.of(408, 425, 429);

    /** Statuses that may be of every event: a wrong secret, a wrong path, or a receiver that takes no such requests. */
    private static final Set<Integer> AMBIGUOUS = Set.of(401, 403, 404, 405, 407, 415);

    private static final String SECRET_PREFIX = "whsec_";

    private final Map<String, HttpTarget> targets;
    private final AnswerClassifier answers;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param targets by outbound
     * @param answers reads and caps the header Retry-After
     */
    public HttpSink(Map<String, HttpTarget> targets, AnswerClassifier answers, Clock clock) {
        this.targets = Map.copyOf(targets);
        this.answers = answers;
        this.clock = clock;
    }

    /** Makes the body of the request and adds its headers, path and query among them: they are in no endpoint. */
    public byte[] request(Delivery delivery, @Headers Map<String, Object> headers) throws IOException {
        HttpTarget target = targets.get(delivery.outbound());
        headers.put("CamelHttpPath", target.url().getRawPath());
        if (target.url().getRawQuery() != null) {
            headers.put("CamelHttpRawQuery", target.url().getRawQuery());
        }
        byte[] body = delivery.event().json().getBytes(StandardCharsets.UTF_8);
        headers.put("Content-Type", "application/cloudevents+json");
        if (target.secret() != null) {
            String id = json.readTree(body).path("id").asText();
            headers.putAll(signature(target.secret().reveal(), id, clock.instant(), body));
        }
        return body;
    }

    /** Makes the headers of Standard Webhooks. @param secret {@code whsec_} and base64 */
    static Map<String, String> signature(String secret, String id, Instant at, byte[] body) {
        String timestamp = Long.toString(at.getEpochSecond());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            String signature = Base64.getEncoder().encodeToString(mac.doFinal(body));
            return Map.of("webhook-id", id, "webhook-timestamp", timestamp, "webhook-signature", "v1," + signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /**
     * Returns when the event is taken, and throws what the answer means when it is not.
     *
     * @param asked the header Retry-After; null for none
     */
    public void onAnswer(String outbound, int status, String asked)
            throws EventRefusedException, SinkStoppedException, NotDeliveredException {
        String key = "outbound." + outbound + ".http-sink.url";
        if (status >= 200 && status < 300) {
            return;
        }
        if (status == 410) {
            throw new SinkStoppedException(
                    "it answers 410, which means that it is gone for good: put its new address into " + key
                            + ", or take http out of outbound." + outbound + ".sinks, and restart.");
        }
        if (status >= 300 && status < 400) {
            // Not the event's fault, so it is kept; and the receiver may end it as well as the operator.
            throw new NotDeliveredException(
                    "it answers " + status + ", a redirect, which is not followed: put the address it leads to into "
                            + key,
                    null);
        }
        if (status >= 400 && status < 500 && !AGAIN.contains(status)) {
            String remedy =
                    "check " + key + " and outbound." + outbound + ".http-sink.secret, and what the receiver allows";
            throw new EventRefusedException("it answers " + status, AMBIGUOUS.contains(status) ? remedy : null);
        }
        throw new NotDeliveredException("it answers " + status, answers.retryAfter(asked));
    }
}
