package dev.pearlroutes.sending;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The second half of the Idempotent Receiver: each outcome of an intent is durable together with its event. */
public final class OutcomeRecorder {
    private final Ledger ledger;
    private final Events events;
    private final CallableListeners listeners;
    private final Duration settleTime;

    /** @param settleTime how long a lead is unknown before it is looked up */
    public OutcomeRecorder(Ledger ledger, Events events, CallableListeners listeners, Duration settleTime) {
        this.ledger = ledger;
        this.events = events;
        this.listeners = listeners;
        this.settleTime = settleTime;
    }

    /** Records what became of intents, each with its event, and puts the unsent ones back, all in one transaction. */
    public void record(Source source, List<Outcome> outcomes, List<LeadIntent> unsent, Instant at) {
        ledger.execute(tx -> {
            tx.leads().settle(source, outcomes, settleTime, at);
            List<Event> made = outcomes.stream()
                    .map(outcome -> events.ofLead(source, outcome))
                    .toList();
            tx.leads().putBack(source, unsent);
            tx.sources().unreserve(source.id(), -unsent.size());
            tx.events().append(made);
        });
        outcomes.forEach(outcome -> notifyIfAccepted(source, outcome));
    }

    /**
     * Records what became of a lead that was unknown; the receipt of its source has to be rewritten.
     *
     * @param found whether a look-up showed it, and not the lead's own answer
     */
    public void settle(Source source, Outcome outcome, boolean found, Instant at) {
        ledger.execute(tx -> {
            if (tx.leads().settle(source, List.of(outcome), settleTime, at) == 0) {
                // A person has given it up meanwhile, and that event is published.
                return;
            }
            if (found) {
                tx.leads().markFound(source, outcome.row(), at);
            }
            tx.sources().markChanged(source.id(), at);
            tx.events().append(List.of(events.ofLead(source, outcome)));
        });
        notifyIfAccepted(source, outcome);
    }

    /** Tells whether the API has ever accepted a lead for the outbound, which proves that its id is right. */
    boolean everAccepted(String outbound) {
        return ledger.read(tx -> tx.leadRows().everAccepted(outbound));
    }

    private void notifyIfAccepted(Source source, Outcome outcome) {
        if (outcome.state() == RowState.ACCEPTED && outcome.phoneNumber() != null) {
            listeners.onCallable(source.outbound(), ledger.keyedHash().of(outcome.phoneNumber()));
        }
    }
}
