package dev.pearlroutes.sending;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.intake.RecordedRows;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.ScratchLedger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.LeadTable.PlannedRow;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The first half of the Idempotent Receiver: intents are durable before they are sent. A key is held by rows that are sending,
 * accepted or unknown. By default it is the externalId, for ever, and at most one row of an outbound holds it; the database itself
 * enforces that.
 */
public final class IntentPlanner {
    private final Ledger ledger;
    private final Events events;
    private final Map<String, LeadIdentity> identities;
    private final PromisedKeys promised;
    private final RecordedRows recordedRows;

    /**
     * @param identities by outbound; one that is missing has the default
     * @param promised what updates under way give to leads
     */
    public IntentPlanner(Ledger ledger, Events events, Map<String, LeadIdentity> identities, PromisedKeys promised) {
        this.ledger = ledger;
        this.events = events;
        this.identities = Map.copyOf(identities);
        this.promised = promised;
        this.recordedRows = new RecordedRows(ledger);
    }

    /**
     * Makes the intents of a batch durable. Rows that already have an outcome (the source is read again after a crash) and
     * rows that are rejected or duplicate fall out.
     *
     * @return the rows to send, each exactly once; empty when nothing was planned, since an update under way gives the key of a row to
     *     a lead: to be called again
     */
    public Optional<List<LeadIntent>> plan(Source source, List<LeadIntent> batch, Instant at) {
        return ledger.beside(List.of("plan/" + source.outbound()), tx -> {
            List<LeadIntent> open = unrecorded(tx, source, batch);
            if (!promised.none() && open.stream().anyMatch(row -> isPromised(source, row))) {
                return Optional.empty();
            }
            List<LeadIntent> intents = new ArrayList<>();
            List<Event> refusals = new ArrayList<>();
            for (PlannedRow row : plan(tx, source, open, Map.of(), at)) {
                if (row.state() == RowState.SENDING) {
                    intents.add(row.intent());
                } else {
                    refusals.add(events.ofLead(source, outcome(row)));
                }
            }
            tx.sources().unreserve(source.id(), intents.size());
            tx.events().append(refusals);
            return Optional.of(intents);
        });
    }

    private boolean isPromised(Source source, LeadIntent row) {
        return row.rejection() == null && promised.isPromised(source, identity(source), row.externalId(), phone(row));
    }

    /**
     * Plans rows as {@link #plan} would now, after those that were rehearsed before. The ledger is only read; what a plan leaves
     * in it is left in the scratch ledger.
     *
     * @param scratch knows the source
     * @return an outcome for each row, in order; SENDING for one that would be sent
     */
    public List<Outcome> rehearse(ScratchLedger scratch, Source source, List<LeadIntent> batch, Instant at) {
        Map<Long, String> duplicates = ledger.transaction(tx -> duplicates(tx, source, batch, at));
        return scratch.transaction(tx -> plan(tx, source, batch, duplicates, at)).stream()
                .map(IntentPlanner::outcome)
                .toList();
    }

    /**
     * Makes sure that a source which is taken up again has the rows that the ledger has of it.
     *
     * @param intents makes the intent of a row
     * @throws UnreadableSourceException when a row is another one
     */
    void checkRecorded(SourceRun run, Function<Row, LeadIntent> intents) {
        recordedRows.check(run, row -> known(intents.apply(row)));
    }

    private static RecordedRows.Known known(LeadIntent intent) {
        String former = intent.former() == null ? null : intent.former().spelling();
        return new RecordedRows.Known(intent.externalId(), former, intent.phoneNumber(), intent.body(), null);
    }

    /** Counts the rows from the beginning of a source that are planned already; 0 when there is a gap among them. */
    public long planned(Source source) {
        return ledger.read(tx -> tx.leadRows().planned(source));
    }

    /** Finds why rows are duplicates of leads in the ledger, whatever stands above them in their source; by their numbers. */
    private Map<Long, String> duplicates(Transaction tx, Source source, List<LeadIntent> batch, Instant at) {
        Map<Long, String> duplicates = new HashMap<>();
        try (DuplicateCheck check = new DuplicateCheck(tx, source, identity(source), at)) {
            for (LeadIntent row : batch) {
                String duplicate =
                        row.rejection() != null ? null : check.duplicateInLedger(row, content(row), phone(row));
                if (duplicate != null) {
                    duplicates.put(row.row(), duplicate);
                }
            }
        }
        return duplicates;
    }

    /** @param duplicates why rows are duplicates, as far as that is known already; by their numbers */
    private List<PlannedRow> plan(
            Transaction tx, Source source, List<LeadIntent> open, Map<Long, String> duplicates, Instant at) {
        List<PlannedRow> planned = new ArrayList<>(open.size());
        try (DuplicateCheck check = new DuplicateCheck(tx, source, identity(source), at)) {
            check.ask(open, this::phone);
            for (LeadIntent row : open) {
                planned.add(plan(check, row, duplicates.get(row.row())));
            }
        }
        tx.leads().plan(source, planned, at);
        return planned;
    }

    private PlannedRow plan(DuplicateCheck check, LeadIntent row, String duplicate) {
        if (row.rejection() != null) {
            return new PlannedRow(row, RowState.REJECTED, row.rejection(), null, null, 0);
        }
        if (duplicate != null) {
            return new PlannedRow(row, RowState.DUPLICATE, duplicate, null, null, 0);
        }
        byte[] content = content(row);
        byte[] phone = phone(row);
        DuplicateCheck.Verdict verdict = check.judge(row, content, phone);
        return verdict.duplicate() != null
                ? new PlannedRow(row, RowState.DUPLICATE, verdict.duplicate(), null, null, 0)
                : new PlannedRow(row, RowState.SENDING, null, content, phone, verdict.generation());
    }

    private LeadIdentity identity(Source source) {
        return identities.getOrDefault(source.outbound(), LeadIdentity.DEFAULT);
    }

    private byte[] content(LeadIntent row) {
        return ledger.keyedHash().content(row.body());
    }

    private byte[] phone(LeadIntent row) {
        return ledger.keyedHash().of(row.phoneNumber());
    }

    private static Outcome outcome(PlannedRow planned) {
        LeadIntent row = planned.intent();
        return new Outcome(
                row.row(), row.line(), planned.state(), row.externalId(), null, planned.reason(), row.phoneNumber());
    }

    private static List<LeadIntent> unrecorded(Transaction tx, Source source, List<LeadIntent> batch) {
        if (batch.isEmpty()) {
            return batch;
        }
        Set<Long> recorded = tx.leadRows()
                .recorded(
                        source, batch.get(0).row(), batch.get(batch.size() - 1).row());
        return recorded.isEmpty()
                ? batch
                : batch.stream().filter(row -> !recorded.contains(row.row())).toList();
    }
}
