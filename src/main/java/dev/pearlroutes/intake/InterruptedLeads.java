package dev.pearlroutes.intake;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.UnknownLead;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The leads that a run of a source has left sending: their answers are not on record, so they become unknown. */
public final class InterruptedLeads {
    private static final String INTERRUPTED = "stopped while the request was on the wire";

    private final Ledger ledger;
    private final Events events;
    private final Duration settleTime;

    /** @param settleTime how long a lead is unknown before it is looked up */
    public InterruptedLeads(Ledger ledger, Events events, Duration settleTime) {
        this.ledger = ledger;
        this.events = events;
        this.settleTime = settleTime;
    }

    /**
     * Makes all leads unknown that were sending when the process ended. To be called at start, when nothing is on the wire.
     * Leads that were held are looked up once more, since the policy may have changed.
     *
     * @return how many were sending
     */
    public int recoverAtStart(Instant at) {
        return ledger.transaction(tx -> {
            int interrupted = interrupt(tx, tx.leadRows().sending(), at);
            tx.leads().lookUpHeld(at);
            return interrupted;
        });
    }

    /**
     * Makes the leads of a source unknown that were sending when its run ended. To be called while no run works on it. A lead that
     * its look-up sends again is left to that.
     *
     * @return how many there were
     */
    public int recover(long sourceId, Instant at) {
        return ledger.transaction(tx -> interrupt(tx, tx.leadRows().sending(sourceId), at));
    }

    private int interrupt(Transaction tx, List<UnknownLead> leads, Instant at) {
        tx.leads().interrupt(leads, INTERRUPTED, at, at.plus(settleTime));
        tx.events()
                .append(leads.stream()
                        .map(lead -> events.ofLead(lead.source(), unknown(lead)))
                        .toList());
        return leads.size();
    }

    private static Outcome unknown(UnknownLead lead) {
        return new Outcome(lead.row(), lead.line(), RowState.UNKNOWN, lead.externalId(), null, INTERRUPTED, null);
    }
}
