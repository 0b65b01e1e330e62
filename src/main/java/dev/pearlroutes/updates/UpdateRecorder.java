package dev.pearlroutes.updates;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.LeadKeys.AcceptedLead;
import dev.pearlroutes.ledger.tables.LeadTable.MarkedRow;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UpdateResult;
import dev.pearlroutes.sending.CallableListeners;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The outcomes of updates and look-ups, each durable together with its event. What an update changes of a lead changes in the
 * ledger too, since its key blocks duplicates and its number joins calls.
 */
public final class UpdateRecorder {
    private final Ledger ledger;
    private final Events events;
    private final CallableListeners listeners;

    public UpdateRecorder(Ledger ledger, Events events, CallableListeners listeners) {
        this.ledger = ledger;
        this.events = events;
        this.listeners = listeners;
    }

    /** Records what became of rows, each with its event, and what was changed of their leads. */
    public void record(Source source, List<UpdateResult> rows, Instant at) {
        List<byte[]> callableAgain = ledger.transaction(tx -> {
            List<byte[]> phones = new ArrayList<>();
            add(tx, source, rows, at);
            for (UpdateResult each : rows) {
                if (each.outcome().state() == RowState.UPDATED) {
                    follow(tx, source, each.change(), at);
                    phones.addAll(callableAgain(tx, source, each.change()));
                } else if (!source.operation().dropped()) {
                    // The API refuses to stop it, which the receipt says; to ask again for ever would help nobody.
                    tx.leads().markStopRefused(source.outbound(), each.change().leadId(), at);
                }
            }
            return phones;
        });
        callableAgain.forEach(phone -> listeners.onCallable(source.outbound(), phone));
    }

    /** Adds rows and their events, inside the caller's transaction. Look-ups have no events. */
    void add(Transaction tx, Source source, List<UpdateResult> rows, Instant at) {
        tx.leads().add(source, rows, at);
        if (source.operation() != Source.Operation.LOOKUP) {
            tx.events()
                    .append(rows.stream()
                            .map(row -> events.ofLead(source, row.outcome()))
                            .toList());
        }
    }

    /** Takes over what an update changed. A key that another row took meanwhile stays with that one. */
    private void follow(Transaction tx, Source source, LeadChange row, Instant at) {
        String outbound = source.outbound();
        if (row.newPhoneNumber() != null) {
            tx.leads().changeNumber(outbound, row.leadId(), ledger.keyedHash().of(row.newPhoneNumber()));
        }
        if (row.newExternalId() != null && !known(tx, source).othersHave(row.newExternalId(), row.leadId())) {
            tx.leads().changeExternalId(outbound, row.leadId(), row.newExternalId());
        }
        if (row.reopens()) {
            tx.leads()
                    .markReopened(outbound, row.leadId())
                    .forEach(lead -> tx.sources().markOutcomesChanged(lead.sourceId(), at));
        } else if (row.newStatus() != null) {
            stop(tx, source, row, at);
        }
    }

    /** Notes that the lead is stopped, with an event for each of its rows. */
    private void stop(Transaction tx, Source update, LeadChange row, Instant at) {
        String why = why(update, row);
        for (MarkedRow lead : tx.leads().markStopped(update.outbound(), row.leadId(), at)) {
            tx.sources().markOutcomesChanged(lead.sourceId(), at);
            Source source = tx.sources().find(lead.sourceId()).orElseThrow();
            Outcome stopped = new Outcome(
                    lead.row(), lead.line(), RowState.ACCEPTED, lead.externalId(), row.leadId(), why, null, at);
            tx.events().append(List.of(events.ofStoppedLead(source, stopped)));
        }
    }

    /** Reads the numbers of the lead, if the update may have made it callable. */
    private List<byte[]> callableAgain(Transaction tx, Source source, LeadChange row) {
        return row.newPhoneNumber() == null && !row.reopens()
                ? List.of()
                : known(tx, source).of(row).stream()
                        .map(AcceptedLead::phone)
                        .filter(Objects::nonNull)
                        .toList();
    }

    private KnownLeads known(Transaction tx, Source source) {
        return new KnownLeads(tx, source.outbound(), ledger.keyedHash());
    }

    private static String why(Source update, LeadChange row) {
        return switch (update.operation()) {
            case SUPPRESS -> "its number came onto a suppression list";
            case RECALL -> "its file was recalled";
            default ->
                "an update set its status to "
                        + LeadStatus.ofCode(row.newStatus())
                                .map(LeadStatus::apiName)
                                .orElse(row.newStatus().toString());
        };
    }
}
