package dev.pearlroutes.upkeep;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Event;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** The outbounds that are not configured any more and have unfinished files, unknown leads, or calls or events that wait. */
public final class LeftBehind {
    private final Ledger ledger;

    public LeftBehind(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Lists the names of those that are not among the configured ones. */
    public Set<String> outbounds(Collection<String> configured) {
        Set<String> names = ledger.transaction(tx -> {
            Set<String> busy = new TreeSet<>(tx.sources().unfinishedOutbounds());
            tx.requests().unfinished().forEach(request -> busy.add(request.outbound()));
            busy.addAll(tx.leadRows().unknownOutbounds());
            busy.addAll(tx.calls().waitingOutbounds());
            busy.addAll(tx.sinks().waitingOutbounds());
            return busy;
        });
        names.removeAll(configured);
        names.remove(Event.OPS_OUTBOX);
        return names;
    }
}
