package dev.pearlroutes.sending;

import dev.pearlroutes.ledger.tables.LeadKeys;
import dev.pearlroutes.nlpearl.LeadFinder;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The look-ups that are made together: all of their searches first, then the control searches that cover them, one for each outbound.
 *
 * @param settledBefore how many look-ups had come to something when the turn began
 */
public record LookUpTurn(List<LookUp> lookUps, long settledBefore) {

    /** Lists the look-ups whose searches were made; the others have failed and are made later. */
    public List<LookUp> searched() {
        return lookUps.stream().filter(lookUp -> !lookUp.finder().searches()).toList();
    }

    /** Lists those of an outbound that have not found their leads. */
    List<LookUp> unfound(String outbound) {
        return searched().stream()
                .filter(lookUp -> lookUp.outbound().equals(outbound))
                .filter(lookUp -> lookUp.finder().leadId() == null)
                .toList();
    }

    /**
     * The control search of an outbound.
     *
     * @param lead that the search has to find
     * @param created has the time at which the API has created the lead, once it is found; null when the API does not say
     */
    public record Control(
            String outbound, LeadKeys.Control lead, LeadFinder finder, AtomicReference<Instant> created) {}
}
