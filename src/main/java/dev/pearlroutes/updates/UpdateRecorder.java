package dev.pearlroutes.updates;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.LeadKeys.HeldLead;
import dev.pearlroutes.ledger.tables.LeadTable.MarkedRow;
import dev.pearlroutes.model.FailedStop;
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
                }
            }
            return phones;
        });
        callableAgain.forEach(phone -> listeners.onCallable(source.outbound(), phone));
    }

    /** Adds rows and their events, inside the caller's transaction. Look-ups have no events. */
    void add(Transaction tx, Source source, List<UpdateResult> rows, Instant at) {
        tx.leads().add(source, rows, at);
        if (!source.operation().dropped()) {
            rows.stream()
                    .map(UpdateResult::outcome)
                    .filter(row -> row.state() != RowState.UPDATED)
                    .forEach(row -> stopFailed(tx, source, row, at));
        }
        if (source.operation() != Source.Operation.LOOKUP) {
            tx.events()
                    .append(rows.stream()
                            .map(row -> events.ofLead(source, row.outcome()))
                            .toList());
        }
    }

    /** Notes that a lead was to be stopped and could not be; it is tried again without its source. */
    private static void stopFailed(Transaction tx, Source source, Outcome row, Instant at) {
        tx.leads().markStopRefused(source.outbound(), row.leadId(), at);
        tx.failedStops()
                .add(source.outbound(), row.leadId(), source.operation(), row.reason(), at, FailedStops.nextTry(1, at));
    }

    /** Records that a lead is stopped that could not be before. @param leadId by which it was stopped */
    void recordStop(FailedStop stop, String leadId, Instant at) {
        ledger.execute(tx -> {
            // A person may have taken note meanwhile, which changes nothing of the fact.
            tx.failedStops().remove(stop.outbound(), stop.leadId());
            if (!leadId.equals(stop.leadId())) {
                tx.leads().changeLeadId(stop.outbound(), stop.leadId(), leadId);
            }
            stop(tx, stop.outbound(), leadId, why(stop.cause(), null), at);
        });
    }

    /** Has a lead count as one that was never to be stopped, since it may be called after all. */
    void forgetStop(FailedStop stop) {
        boolean forgotten = ledger.transaction(tx -> {
            boolean first = tx.failedStops().remove(stop.outbound(), stop.leadId());
            if (first) {
                tx.leads().forgetStop(stop.outbound(), stop.leadId());
            }
            return first;
        });
        if (forgotten && stop.phone() != null) {
            listeners.onCallable(stop.outbound(), stop.phone());
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
        if (row.newStatus() != null) {
            tx.failedStops().remove(outbound, row.leadId());
        }
        if (row.reopens()) {
            tx.leads()
                    .markReopened(outbound, row.leadId())
                    .forEach(lead -> tx.sources().markOutcomesChanged(lead.sourceId(), at));
        } else if (row.newStatus() != null) {
            stop(tx, outbound, row.leadId(), why(source.operation(), row.newStatus()), at);
        }
    }

    /** Notes that the lead is stopped, with an event for each of its rows. */
    private void stop(Transaction tx, String outbound, String leadId, String why, Instant at) {
        for (MarkedRow lead : tx.leads().markStopped(outbound, leadId, at)) {
            tx.sources().markOutcomesChanged(lead.sourceId(), at);
            Source source = tx.sources().find(lead.sourceId()).orElseThrow();
            Outcome stopped =
                    new Outcome(lead.row(), lead.line(), RowState.ACCEPTED, lead.externalId(), leadId, why, null, at);
            tx.events().append(List.of(events.ofStoppedLead(source, stopped)));
        }
    }

    /** Reads the numbers of the lead, if the update may have made it callable. */
    private List<byte[]> callableAgain(Transaction tx, Source source, LeadChange row) {
        return row.newPhoneNumber() == null && !row.reopens()
                ? List.of()
                : known(tx, source).of(row).stream()
                        .map(HeldLead::phone)
                        .filter(Objects::nonNull)
                        .toList();
    }

    private KnownLeads known(Transaction tx, Source source) {
        return new KnownLeads(tx, source.outbound(), ledger.keyedHash());
    }

    /** @param status that an update has set; null where the program stops a lead by itself */
    private static String why(Source.Operation operation, Integer status) {
        return switch (operation) {
            case SUPPRESS -> "its number came onto a suppression list";
            case RECALL -> "its file was recalled";
            default ->
                "an update set its status to "
                        + LeadStatus.ofCode(status).map(LeadStatus::apiName).orElse(status.toString());
        };
    }
}
