package dev.pearlroutes.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.RowResult;
import dev.pearlroutes.model.SeenCall;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
     * @param readSince when the reading of the calls began
     * @return how many are new or changed
     */
    public int record(String outbound, List<SeenCall> calls, Instant newSince, Instant readSince, Instant at) {
        if (calls.isEmpty()) {
            return 0;
        }
        return ledger.transaction(tx -> {
            CallRecording recording = new CallRecording(tx, ledger, events, outbound, at);
            int changed = 0;
            for (SeenCall call : calls) {
                changed += recording.read(call, newSince, readSince) ? 1 : 0;
            }
            tx.events().append(recording.published());
            return changed;
        });
    }

    /**
     * Records a call that a webhook told of, in one transaction with its event.
     *
     * @param parser reads a call as the API's answers have it
     * @param onlyKnown whether one that is not recorded is left to the search
     * @return whether anything of it is new
     * @throws dev.pearlroutes.ledger.LedgerException when the ledger cannot be written, without waiting until it can
     */
    boolean push(String outbound, PushedCall call, Function<JsonNode, SeenCall> parser, boolean onlyKnown, Instant at) {
        ledger.requireWritable();
        return ledger.transaction(tx -> {
            CallRecording recording = new CallRecording(tx, ledger, events, outbound, at);
            boolean isNew = recording.push(call, parser, onlyKnown);
            tx.events().append(recording.published());
            return isNew;
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
}
