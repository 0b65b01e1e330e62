package dev.pearlroutes.intake;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.SendJournal;
import dev.pearlroutes.ledger.SendJournal.Entry;
import dev.pearlroutes.ledger.SendJournal.Intent;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.mapping.AddLeadBody;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leads that a run of a source has left sending. What the send journal knows of them counts; where it knows of a request and no
 * outcome, or nothing can be read out of it, they become unknown.
 */
public final class InterruptedLeads {
    private static final Logger LOG = LoggerFactory.getLogger(InterruptedLeads.class);
    private static final String INTERRUPTED = "stopped while the request was on the wire";

    private final Ledger ledger;
    private final Events events;
    private final Duration settleTime;
    private final SendJournal journal;

    /** @param settleTime how long a lead is unknown before it is looked up */
    public InterruptedLeads(Ledger ledger, Events events, Duration settleTime, SendJournal journal) {
        this.ledger = ledger;
        this.events = events;
        this.settleTime = settleTime;
        this.journal = journal;
    }

    /** What was found at start. @param counts of the leads by what the journal knows of them */
    private record Found(SendJournal.Previous journal, Map<Entry.State, Integer> counts) {}

    /**
     * Settles all leads that were sending when the process ended, and begins the journal of this process. To be called at start, when
     * nothing is on the wire. Leads that were held are looked up once more, since the policy may have changed.
     *
     * @return how many were on the wire and are unknown now
     */
    public int recoverAtStart(Instant at) {
        Found found = ledger.transaction(tx -> {
            SendJournal.Previous previous = journal.takeOver(tx);
            Map<Entry.State, List<UnknownLead>> leads = byState(tx.leadRows().sending(), previous);
            Map<Entry.State, List<UnknownLead>> again = byState(tx.leadRows().sendingAgain(), previous);
            interrupt(tx, both(leads, again, Entry.State.BEGUN), at);
            settle(tx, both(leads, again, Entry.State.ACCEPTED), RowState.ACCEPTED, previous, at);
            settle(tx, both(leads, again, Entry.State.REJECTED), RowState.REJECTED, previous, at);
            settle(tx, both(leads, again, Entry.State.LOST), RowState.UNKNOWN, previous, at);
            putBack(tx, leads.get(Entry.State.UNSENT));
            again.get(Entry.State.UNSENT).forEach(lead -> tx.leads().keepUnknown(lead, at, lead.reason(), null));
            tx.leads().lookUpHeld(at);
            Map<Entry.State, Integer> counts = new EnumMap<>(Entry.State.class);
            leads.forEach((state, some) ->
                    counts.put(state, some.size() + again.get(state).size()));
            return new Found(previous, counts);
        });
        journal.open(found.journal());
        report(found);
        return found.counts().get(Entry.State.BEGUN);
    }

    private static void report(Found found) {
        Map<Entry.State, Integer> counts = found.counts();
        int leads = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (leads > 0) {
            found.journal()
                    .unusable()
                    .ifPresentOrElse(
                            why -> LOG.warn(
                                    "The send journal {}, so that {} that may have been on the wire are unknown",
                                    why,
                                    LogText.count(leads, "lead")),
                            () -> LOG.info(
                                    "By the send journal, {} of the last run were accepted, {} rejected, {} not sent, {} without an answer",
                                    LogText.count(counts.get(Entry.State.ACCEPTED), "lead"),
                                    counts.get(Entry.State.REJECTED),
                                    counts.get(Entry.State.UNSENT),
                                    counts.get(Entry.State.LOST)));
        }
    }

    /**
     * Makes the leads of a source unknown that were sending when its run ended in this process, by a failure. To be called while no run
     * works on it. A lead that its look-up sends again is left to that.
     *
     * @return how many there were
     */
    public int recover(long sourceId, Instant at) {
        List<UnknownLead> interrupted = ledger.transaction(tx -> {
            List<UnknownLead> sending = tx.leadRows().sending(sourceId);
            interrupt(tx, sending, at);
            return sending;
        });
        if (!interrupted.isEmpty()) {
            journal.recorded(
                    interrupted.stream().map(InterruptedLeads::intent).toList(),
                    ledger.read(tx -> tx.events().newest()));
        }
        return interrupted.size();
    }

    /** Sorts leads by what is known of them; those that are not known were not sent. Every state is there. */
    private static Map<Entry.State, List<UnknownLead>> byState(List<UnknownLead> leads, SendJournal.Previous journal) {
        Map<Entry.State, List<UnknownLead>> byState = new EnumMap<>(Entry.State.class);
        Stream.of(Entry.State.values()).forEach(state -> byState.put(state, new ArrayList<>()));
        for (UnknownLead lead : leads) {
            byState.get(journal.entry(intent(lead)).map(Entry::state).orElse(Entry.State.UNSENT))
                    .add(lead);
        }
        return byState;
    }

    private static List<UnknownLead> both(
            Map<Entry.State, List<UnknownLead>> leads, Map<Entry.State, List<UnknownLead>> again, Entry.State state) {
        return Stream.concat(leads.get(state).stream(), again.get(state).stream())
                .toList();
    }

    private void interrupt(Transaction tx, List<UnknownLead> leads, Instant at) {
        tx.leads().interrupt(leads, INTERRUPTED, at, at.plus(settleTime));
        tx.events()
                .append(leads.stream()
                        .map(lead -> events.ofLead(
                                lead.source(), lead.outcome(RowState.UNKNOWN, null, INTERRUPTED, null, null)))
                        .toList());
    }

    private void settle(
            Transaction tx, List<UnknownLead> leads, RowState state, SendJournal.Previous journal, Instant at) {
        for (UnknownLead lead : leads) {
            Entry entry = journal.entry(intent(lead)).orElseThrow();
            boolean accepted = state == RowState.ACCEPTED;
            boolean lost = state == RowState.UNKNOWN;
            Outcome outcome = lead.outcome(
                    state,
                    accepted ? entry.text() : null,
                    accepted ? null : entry.text(),
                    lost ? null : AddLeadBody.phoneNumberIn(lead.body()),
                    // When an answer was given up is not known: not later than now.
                    lost ? at : entry.begun());
            tx.leads().settle(lead.source(), List.of(outcome), settleTime, at);
            if (lead.source().state() == Source.State.FINISHED) {
                tx.sources().markChanged(lead.source().id(), at);
            }
            tx.events().append(List.of(events.ofLead(lead.source(), outcome)));
        }
    }

    /** Takes intents away that were not sent, so that their rows are planned again; a wave that is on still has them to release. */
    private static void putBack(Transaction tx, List<UnknownLead> leads) {
        Map<Source, List<UnknownLead>> bySource = leads.stream().collect(Collectors.groupingBy(UnknownLead::source));
        bySource.forEach((source, some) -> {
            tx.leads()
                    .putBack(
                            source,
                            some.stream().map(InterruptedLeads::leadIntent).toList());
            tx.sources().unreserve(source.id(), -some.size());
            tx.waves()
                    .find(source.outbound())
                    .ifPresent(wave -> tx.waves().takeBack(source.outbound(), wave.began(), (int) some.stream()
                            .filter(lead -> !lead.since().isBefore(wave.began()))
                            .count()));
        });
    }

    private static Intent intent(UnknownLead lead) {
        return new Intent(lead.source().id(), lead.row());
    }

    private static LeadIntent leadIntent(UnknownLead lead) {
        return new LeadIntent(lead.row(), lead.line(), lead.externalId(), null, lead.body(), null);
    }
}
