package dev.pearlroutes.nlpearl;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The circuits that this program's own state forces open, whatever the API answers. */
final class ForcedCircuits {
    private final Map<String, OpenCircuit> open = new HashMap<>();

    /** Forces a circuit open, or says why it still is. @param outbound null for the account */
    void open(String scope, String outbound, String reason, Instant now) {
        OpenCircuit before = open.get(scope);
        Instant since = before == null ? now : before.since();
        open.put(scope, new OpenCircuit(OpenCircuit.Cause.FORCED_OPEN, outbound, outbound == null, reason, since));
    }

    /** Takes that back. @return whether it was forced open */
    boolean clear(String scope) {
        return open.remove(scope) != null;
    }

    boolean contains(String scope) {
        return open.containsKey(scope);
    }

    Collection<OpenCircuit> all() {
        return open.values();
    }
}
