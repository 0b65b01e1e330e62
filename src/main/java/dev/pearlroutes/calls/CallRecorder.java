package dev.pearlroutes.calls;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.CallTable;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.RowResult;
import dev.pearlroutes.model.SeenCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The record of the calls that were read, and of how far each outbound's search has come. */
public final class CallRecorder {
    private final Ledger ledger;
    private final CallEvents events;

    public CallRecorder(Ledger ledger, CallEvents events) {
        this.ledger = ledger;
        this.events = events;
    }

    /**
     * Records calls, in one transaction: one that is new or has changed with its event or, when it is final and a lead holds its
     * number, as waiting for what its lead can say; see {@link WaitingCalls}.
     *
     * @param newSince calls that started earlier and are not recorded are ignored
     * @return how many are new or changed
     */
    public int record(String outbound, List<SeenCall> calls, Instant newSince, Instant at) {
        if (calls.isEmpty()) {
            return 0;
        }
        return ledger.transaction(tx -> {
            Recording recording = new Recording(tx, outbound, newSince, at);
            int changed = 0;
            for (SeenCall call : calls) {
                changed += recording.record(call) ? 1 : 0;
            }
            tx.events().append(recording.published);
            return changed;
        });
    }

    /** Answers with the end of the last window of which every call was recorded; empty before the first. */
    public Optional<Instant> cursor(String outbound) {
        return ledger.transaction(tx -> tx.cursors().position(outbound));
    }

    /** Moves the cursor. Stopped leads that are over by it have their outcomes files written again. */
    public void moveCursor(String outbound, Instant position) {
        ledger.execute(tx -> {
            Instant before = tx.cursors().position(outbound).orElse(Instant.EPOCH);
            tx.leadRows()
                    .sourcesStopped(
                            outbound,
                            before.minus(RowResult.STOP_TAKES_EFFECT),
                            position.minus(RowResult.STOP_TAKES_EFFECT))
                    .forEach(source -> tx.sources().markOutcomesChanged(source, position));
            tx.cursors().move(outbound, position);
        });
    }

    /** The recording of a page, which gathers the events it makes. */
    private final class Recording {
        private final Transaction tx;
        private final String outbound;
        private final Instant newSince;
        private final Instant at;
        private final List<Event> published = new ArrayList<>();

        Recording(Transaction tx, String outbound, Instant newSince, Instant at) {
            this.tx = tx;
            this.outbound = outbound;
            this.newSince = newSince;
            this.at = at;
        }

        /** @return whether it is new or has changed */
        boolean record(SeenCall call) {
            OptionalInt revision = changedSince(call);
            if (revision.isPresent()) {
                change(call, revision.getAsInt());
            } else if (!call.isFinal()) {
                tx.calls().stillOpen(outbound, call.callId(), OpenCalls.readAgain(call, at), at);
            }
            return revision.isPresent();
        }

        /** @return the revision published so far; empty when the call is as it was, or is to be ignored */
        private OptionalInt changedSince(SeenCall call) {
            Optional<CallTable.Stored> stored = tx.calls().find(outbound, call.callId());
            if (stored.isEmpty()) {
                boolean ignored = call.startedAt() != null && call.startedAt().isBefore(newSince);
                return ignored ? OptionalInt.empty() : OptionalInt.of(0);
            }
            boolean same = Arrays.equals(stored.get().fingerprint(), call.fingerprint());
            boolean nowFinal = call.isFinal() && !stored.get().isFinal();
            return same && !nowFinal
                    ? OptionalInt.empty()
                    : OptionalInt.of(stored.get().revision());
        }

        private void change(SeenCall call, int revision) {
            List<LeadRef> rows = WaitingCalls.candidates(tx, outbound, WaitingCalls.hash(ledger, call.to()));
            Instant readAt = call.isFinal() ? null : OpenCalls.readAgain(call, at);
            if (call.isFinal() && !rows.isEmpty()) {
                tx.calls().store(outbound, call, revision, at, readAt);
                return;
            }
            tx.calls().store(outbound, call, revision + 1, null, readAt);
            LeadMatch match = LeadMatch.byNumber(rows, call.startedAt());
            OutcomeRecorder outcomes = new OutcomeRecorder(tx, at);
            if (match.row() != null || revision > 0) {
                outcomes.join(outbound, call.callId(), match.row());
            }
            if (match.row() != null) {
                outcomes.record(
                        match.row(),
                        new CallOutcome(
                                call.callId(), call.status(), false, 0, call.startedAt(), call.duration(), null, null));
            }
            published.add(events.make(outbound, call.json(), call.isFinal(), revision + 1, match, CallDetails.NONE));
        }
    }
}
