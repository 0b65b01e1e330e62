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
 * Hashes under the ledger's own key (HMAC-SHA256, 128 bits kept). Phone numbers are few enough to be tried one by one, so a
 * plain hash of one would be no protection once a copy of the ledger leaves the house without its key.
 */
public final class KeyedHash {
    private static final int KEPT_BYTES = 16;
    private static final String DERIVED = "pr-";
    private static final Pattern DERIVED_ID = Pattern.compile(DERIVED + "[0-9a-f]{" + 2 * KEPT_BYTES + "}");

    // A Mac is not thread safe and costly to key, so each thread keeps its own.
    private final ThreadLocal<Mac> mac;

    KeyedHash(byte[] key) {
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

    /** The first eight bytes of a hash, where so many tell enough. */
    public static long head(byte[] hash) {
        return ByteBuffer.wrap(hash).getLong();
    }

    /**
     * The externalId of a row that brings none: the same for the same number in the same outbound, so that a repeated row
     * is recognised and the look-up by externalId works for it too.
     */
    public String derivedExternalId(String outbound, String phoneNumber) {
        return DERIVED + HexFormat.of().formatHex(of("externalId\n" + outbound + "\n" + phoneNumber));
    }

    /** Whether an externalId was derived for a row that brought none. */
    static boolean isDerived(String externalId) {
        return DERIVED_ID.matcher(externalId).matches();
    }

    /** Tells whether two request bodies are the same; needs no key, since the body itself stays out of the ledger. */
    public byte[] content(String body) {
        return of("content\n" + body);
    }
}
