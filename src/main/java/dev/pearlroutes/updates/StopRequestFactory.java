package dev.pearlroutes.updates;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.FailedStop;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.LeadFinder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Makes the requests that stop leads which could not be stopped, and knows which lead a look-up means. */
public final class StopRequestFactory {
    private final Set<String> outbounds;
    private final ApiPaths paths;
    private final Ledger ledger;

    /** @param outbounds by name, those that are configured */
    public StopRequestFactory(Set<String> outbounds, ApiPaths paths, Ledger ledger) {
        this.outbounds = Set.copyOf(outbounds);
        this.paths = paths;
        this.ledger = ledger;
    }

    /** Tells whether the outbound is configured; the leads of one that is not wait until it is again. */
    boolean canBeMade(String outbound) {
        return outbounds.contains(outbound);
    }

    /** Makes the request, which looks the lead up first where there is anything to look it up by. */
    StopRetry request(FailedStop stop) {
        return new StopRetry(stop, finder(stop));
    }

    private LeadFinder finder(FailedStop stop) {
        return stop.externalId() == null
                ? null
                : new LeadFinder(paths, stop.outbound(), stop.externalId(), meant(stop), any -> true);
    }

    /** Its own id is right wherever it is found. Another one must be of no other lead that the ledger knows, and have its number. */
    private Predicate<JsonNode> meant(FailedStop stop) {
        List<String> known = ledger.read(tx -> tx.leadKeys().leadIds(stop.outbound(), stop.externalId()));
        AtomicBoolean own = new AtomicBoolean();
        return found -> {
            String id = found.path("id").textValue();
            if (stop.leadId().equals(id)) {
                own.set(true);
                return true;
            }
            return !own.get() && !known.contains(id) && hasNumber(found.path("phoneNumber"), stop.phone());
        };
    }

    private boolean hasNumber(JsonNode number, byte[] phone) {
        // What the API does not say speaks against nothing.
        return phone == null
                || !number.isTextual()
                || Arrays.equals(ledger.keyedHash().of("+" + number.textValue().replaceAll("[^0-9]", "")), phone);
    }
}
