package dev.pearlroutes.http;

import dev.pearlroutes.config.Http;
import dev.pearlroutes.config.Secret;
import io.github.bucket4j.Bucket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The password and the token of the HTTP server. An address that sends wrong ones is heard again a while later only. */
final class HttpCredentials {
    /** Wrong passwords of one address in a {@link #MINUTE}. */
    private static final int MOST_WRONG = 10;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Addresses whose wrong passwords are counted; the one that was silent longest makes way. */
    private static final int MOST_ADDRESSES = 1_000;

    private static final String BASIC = "basic ";
    private static final String BEARER = "bearer ";
    private static final Logger LOG = LoggerFactory.getLogger(HttpCredentials.class);

    private final byte[] basic;
    private final byte[] bearer;
    private final Map<String, Bucket> wrong = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /** What the credentials of a request are. */
    enum Verdict {
        RIGHT,
        MISSING,
        WRONG,
        /** Not looked at: too many of that address were wrong. */
        TOO_MANY
    }

    HttpCredentials(Http http) {
        this.basic = http.password() == null
                ? null
                : bytes(Http.USER + ":" + http.password().reveal());
        this.bearer = http.token() == null ? null : revealed(http.token());
    }

    /**
     * Judges the credentials of a request; every request is right where none are asked for.
     *
     * @param authorization the header; null when there is none
     * @param address of the client
     */
    Verdict judge(String authorization, String address) {
        if (basic == null && bearer == null) {
            return Verdict.RIGHT;
        }
        if (authorization == null) {
            return Verdict.MISSING;
        }
        synchronized (wrong) {
            Bucket left = wrong.get(address);
            if (left != null && left.getAvailableTokens() == 0) {
                return Verdict.TOO_MANY;
            }
            if (isRight(authorization)) {
                return Verdict.RIGHT;
            }
            if (left == null) {
                left = Bucket.builder()
                        .addLimit(limit -> limit.capacity(MOST_WRONG).refillIntervally(MOST_WRONG, MINUTE))
                        .build();
                wrong.put(address, left);
            }
            left.tryConsume(1);
            if (left.getAvailableTokens() == 0) {
                LOG.warn(
                        "{} sent {} wrong passwords or tokens: it is not heard for up to a minute",
                        address,
                        MOST_WRONG);
            }
            return Verdict.WRONG;
        }
    }

    private boolean isRight(String authorization) {
        if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return same(basic, decoded(authorization.substring(BASIC.length()).strip()));
        }
        String token = bearer(authorization);
        return token != null && same(bearer, bytes(token));
    }

    /** Returns the token of a header {@code Authorization}. @param authorization null for none @return null when it is no bearer token */
    static String bearer(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : null;
    }

    /** Compares in a time that does not tell how much is alike. @param right null where there is none */
    static boolean same(byte[] right, byte[] given) {
        return right != null && MessageDigest.isEqual(right, given);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] revealed(Secret secret) {
        return bytes(secret.reveal());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
