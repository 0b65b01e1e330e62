package dev.pearlroutes.sending;

import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.Source;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys that updates under way give to leads. The ledger has such a key only once the API has answered; a row that is planned before
 * that waits, since it may be the same person. They are promised and asked for inside the transactions that plan: the ledger lets one in
 * after the other, so that either the row is in the ledger when the update asks who holds the key, or the promise is seen by the row.
 *
 * <p>They are in memory only: after a crash an update is planned anew, and is refused where a row has taken the key meanwhile.
 */
public final class PromisedKeys {
    private final Map<Long, Set<Key>> bySource = new ConcurrentHashMap<>();

    /** @param key an externalId, or the keyed hash of a number */
    private record Key(String outbound, Object key) {}

    /**
     * Promises keys to a lead, until {@link #release}.
     *
     * @param externalId null for none
     * @param phone keyed hash of a number; null for none
     */
    public void promise(Source update, String externalId, byte[] phone) {
        if (externalId != null || phone != null) {
            Set<Key> promised = bySource.computeIfAbsent(update.id(), id -> ConcurrentHashMap.newKeySet());
            if (externalId != null) {
                promised.add(new Key(update.outbound(), externalId));
            }
            if (phone != null) {
                promised.add(new Key(update.outbound(), ByteBuffer.wrap(phone)));
            }
        }
    }

    /** Takes back what was promised for the rows of an update: the ledger has what became of them, or nobody works on it. */
    public void release(Source update) {
        bySource.remove(update.id());
    }

    /** Tells whether nothing is promised, so that nobody need ask for each row. */
    boolean none() {
        return bySource.isEmpty();
    }

    /** Tells whether another source promises an externalId. @param externalId null for none */
    public boolean isPromised(Source other, String externalId) {
        return externalId != null && isPromised(other.id(), new Key(other.outbound(), externalId));
    }

    /** Tells whether another source promises a number. @param phone keyed hash of it; null for none */
    public boolean isPromised(Source other, byte[] phone) {
        return phone != null && isPromised(other.id(), new Key(other.outbound(), ByteBuffer.wrap(phone)));
    }

    /** Tells whether another source promises one of the keys of a row. @param phone keyed hash of its number */
    boolean isPromised(Source other, LeadIdentity identity, String externalId, byte[] phone) {
        return identity.byExternalId() && isPromised(other, externalId)
                || identity.byPhone() && isPromised(other, phone);
    }

    private boolean isPromised(long asking, Key key) {
        return bySource.entrySet().stream()
                .anyMatch(each -> each.getKey() != asking && each.getValue().contains(key));
    }
}
