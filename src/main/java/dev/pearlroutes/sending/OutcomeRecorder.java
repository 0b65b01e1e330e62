package dev.pearlroutes.sending;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.SendJournal;
import dev.pearlroutes.ledger.SendJournal.Entry;
import dev.pearlroutes.ledger.SendJournal.Intent;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The second half of the Idempotent Receiver: each outcome of an intent is durable together with its event. Between the request and that
 * the send journal has it.
 */
public final class OutcomeRecorder {
    private final Ledger ledger;
    private final Events events;
    private final CallableListeners listeners;
    private final Duration settleTime;
    private final SendJournal journal;

    /** @param settleTime how long a lead is unknown before it is looked up */
    public OutcomeRecorder(
            Ledger ledger, Events events, CallableListeners listeners, Duration settleTime, SendJournal journal) {
        this.ledger = ledger;
        this.events = events;
        this.listeners = listeners;
        this.settleTime = settleTime;
        this.journal = journal;
    }

    /**
     * Notes that a request is about to be made; waits while too many are on the wire.
     *
     * @throws InterruptedException when the request must not be made
     */
    void begin(AddLeadRequest request, Instant at) throws InterruptedException {
        journal.begin(intent(request), at);
    }

    /** Notes what came of a request that was begun. */
    void end(AddLeadRequest request, Answer answer) {
        switch (answer.kind()) {
            case ACCEPTED -> journal.end(intent(request), Entry.State.ACCEPTED, answer.leadId());
            case REJECTED -> journal.end(intent(request), Entry.State.REJECTED, answer.reason());
            case UNKNOWN -> journal.end(intent(request), Entry.State.LOST, answer.reason());
            case AMBIGUOUS_REFUSAL, UNAUTHORIZED, RATE_LIMITED, NOT_SENT, HELD, SUPPRESSED, CANCELLED ->
                journal.end(intent(request), Entry.State.UNSENT, null);
        }
    }

    /** Records what became of intents, each with its event, and puts the unsent ones back, all in one transaction. */
    public void record(Source source, List<Outcome> outcomes, List<LeadIntent> unsent, Instant at) {
        long newest = ledger.beside(List.of(), tx -> {
            tx.leads().settle(source, outcomes, settleTime, at);
            List<Event> made = outcomes.stream()
                    .map(outcome -> events.ofLead(source, outcome))
                    .toList();
            tx.leads().putBack(source, unsent);
            tx.sources().unreserve(source.id(), -unsent.size());
            tx.events().append(made);
            return tx.events().newest();
        });
        journal.recorded(
                Stream.concat(
                                outcomes.stream().map(Outcome::row),
                                unsent.stream().map(LeadIntent::row))
                        .map(row -> new Intent(source.id(), row))
                        .toList(),
                newest);
        outcomes.forEach(outcome -> notifyIfAccepted(source, outcome));
    }

    /**
     * Records what became of a lead that was unknown; the receipt of its source has to be rewritten.
     *
     * @param found whether a look-up showed it, and not the lead's own answer
     */
    public void settle(Source source, Outcome outcome, boolean found, Instant at) {
        long newest = ledger.beside(List.of(), tx -> {
            if (tx.leads().settle(source, List.of(outcome), settleTime, at) == 0) {
                // A person has given it up meanwhile, and that event is published.
                return tx.events().newest();
            }
            if (found) {
                tx.leads().markFound(source, outcome.row(), at);
            }
            tx.sources().markChanged(source.id(), at);
            tx.events().append(List.of(events.ofLead(source, outcome)));
            return tx.events().newest();
        });
        journal.recorded(List.of(new Intent(source.id(), outcome.row())), newest);
        notifyIfAccepted(source, outcome);
    }

    /** Forgets the request of a lead that is on record as unknown still. */
    void keptUnknown(UnknownLead lead) {
        journal.recorded(List.of(new Intent(lead.source().id(), lead.row())), 0);
    }

    private static Intent intent(AddLeadRequest request) {
        return new Intent(request.sourceId(), request.intent().row());
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
