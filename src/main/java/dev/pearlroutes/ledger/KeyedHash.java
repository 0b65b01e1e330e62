package dev.pearlroutes.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The hash under the ledger's own key (HMAC-SHA256, 128 bits kept). Phone numbers are few enough to be tried one by one, so a
 * plain hash of one would be no protection for a copy of a table without the key.
 */
public final class KeyedHash {
    private static final int KEPT_BYTES = 16;
    private static final String DERIVED = "pr-";
    private static final Pattern DERIVED_ID = Pattern.compile(DERIVED + "[0-9a-f]{" + 2 * KEPT_BYTES + "}");

    // A Mac is not thread safe and costly to key, so each thread keeps its own.
    private final ThreadLocal<Mac> mac;

    public KeyedHash(byte[] key) {
        SecretKeySpec spec = new SecretKeySpec(key, "HmacSHA256");
        this.mac = ThreadLocal.withInitial(() -> {
            try {
                Mac fresh = Mac.getInstance("HmacSHA256");
                fresh.init(spec);
                return fresh;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java runtime has HmacSHA256", e);
            }
        });
    }

    public byte[] of(String text) {
        return Arrays.copyOf(mac.get().doFinal(text.getBytes(StandardCharsets.UTF_8)), KEPT_BYTES);
    }

    /** Reads the first eight bytes of a hash, for where these are enough. */
    public static long head(byte[] hash) {
        return ByteBuffer.wrap(hash).getLong();
    }

    /**
     * Makes the externalId of a row that brings none: the same for the same number in the same outbound, so that a repeated row
     * is recognised and the look-up by externalId works for it too.
     */
    public String derivedExternalId(String outbound, String phoneNumber) {
        return DERIVED + HexFormat.of().formatHex(of("externalId\n" + outbound + "\n" + phoneNumber));
    }

    /** Tells whether an externalId was derived for a row that brought none. */
    public static boolean isDerived(String externalId) {
        return DERIVED_ID.matcher(externalId).matches();
    }

    /** Makes the hash by which two request bodies are known to be the same, so that no body need be kept. */
    public byte[] content(String body) {
        return of("content\n" + body);
    }
}
