package dev.pearlroutes.calls;

import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.CallTable;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.LeadRef;
import java.time.Instant;
import java.util.Optional;

/** The outcomes of calls on the rows they belong to, in the caller's transaction. Each change has outcomes files written again. */
final class OutcomeRecorder {
    private final Transaction tx;
    private final Instant at;

    OutcomeRecorder(Transaction tx, Instant at) {
        this.tx = tx;
        this.at = at;
    }

    /** Joins a call to a row, and takes its outcome back from another one that it was joined to. @param row null for none */
    void join(String outbound, String callId, LeadRef row) {
        Optional<CallTable.Row> before = tx.calls().row(outbound, callId);
        if (before.isPresent() && (row == null || !before.get().equals(new CallTable.Row(row.sourceId(), row.row())))) {
            long sourceId = before.get().sourceId();
            tx.callOutcomes().withdraw(sourceId, before.get().number(), callId);
            tx.sources().markOutcomesChanged(sourceId, at);
        }
        tx.calls().assign(outbound, callId, row);
    }

    /** Records the outcome of a call that is joined to the row. */
    void record(LeadRef row, CallOutcome outcome) {
        tx.callOutcomes().put(row.sourceId(), row.row(), outcome);
        tx.sources().markOutcomesChanged(row.sourceId(), at);
    }
}
