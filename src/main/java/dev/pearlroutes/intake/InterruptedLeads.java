package dev.pearlroutes.intake;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.LeadTable.Interrupted;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The leads that a run left on the wire: their answers are not on record, so that they are unknown and looked up. */
public final class InterruptedLeads {
    private static final String REASON = "stopped while the request was on the wire";

    private final Ledger ledger;
    private final Events events;
    private final Duration settleTime;

    /** @param settleTime after which a look-up can find a lead that was added */
    public InterruptedLeads(Ledger ledger, Events events, Duration settleTime) {
        this.ledger = ledger;
        this.events = events;
        this.settleTime = settleTime;
    }

    /**
     * Recovers all leads at start, when nothing is on the wire. Leads that were held are looked up once more, since the policy may
     * have changed.
     *
     * @return how many were on the wire
     */
    public int recoverAtStart(Instant at) {
        return ledger.transaction(tx -> {
            int interrupted = publish(tx, tx.leads().interruptAll(REASON, at, at.plus(settleTime)));
            tx.leads().lookUpHeld(at);
            return interrupted;
        });
    }

    /**
     * Recovers the leads of a source that no run works on. A lead that a look-up is sending again is left to that.
     *
     * @return how many there were
     */
    public int recover(long sourceId, Instant at) {
        return ledger.transaction(
                tx -> publish(tx, tx.leads().interruptRun(sourceId, REASON, at, at.plus(settleTime))));
    }

    private int publish(Transaction tx, List<Interrupted> leads) {
        Map<Long, Source> sources = new HashMap<>();
        List<Event> published = leads.stream()
                .map(lead -> events.ofLead(
                        sources.computeIfAbsent(
                                lead.sourceId(), id -> tx.sources().find(id).orElseThrow()),
                        outcome(lead)))
                .toList();
        tx.events().append(published);
        return leads.size();
    }

    private static Outcome outcome(Interrupted lead) {
        return new Outcome(lead.row(), lead.line(), RowState.UNKNOWN, lead.externalId(), null, REASON, null);
    }
}
