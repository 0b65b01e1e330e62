package dev.pearlroutes.calls;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.CallTable;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.WaitingCall;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The final calls whose event waits for what their lead can say. */
public final class WaitingCalls {
    /** Leads of one number that are considered, the newest first. */
    private static final int MOST_CANDIDATES = 20;

    private final Ledger ledger;
    private final CallEvents events;

    public WaitingCalls(Ledger ledger, CallEvents events) {
        this.ledger = ledger;
        this.events = events;
    }

    /**
     * What is known of a call and its lead.
     *
     * @param match what the event says of the lead
     * @param details what the event says of the conversation
     * @param row whose outcome the call is; null for none
     * @param outcome of that row; null for no row
     */
    record Result(LeadMatch match, CallDetails details, LeadRef row, CallOutcome outcome) {}

    /** Lists the calls of these outbounds whose lead is to be asked now, the longest due first. */
    List<WaitingCall> due(Collection<String> outbounds, Instant at, int most) {
        return ledger.transaction(tx -> tx.calls().dueToJoin(outbounds, at, most));
    }

    /** Lists the rows of an outbound that hold a number, the newest first. @param to in E.164; null for none */
    List<LeadRef> candidates(String outbound, String to) {
        return ledger.transaction(tx -> candidates(tx, outbound, hash(ledger, to)));
    }

    /** Finds the accepted row with the API's id. */
    Optional<LeadRef> lead(String outbound, String leadId) {
        return ledger.read(tx -> tx.leadKeys().withId(outbound, leadId));
    }

    /** Hashes a number. @param to in E.164; null for none */
    static byte[] hash(Ledger ledger, String to) {
        return to == null ? null : ledger.keyedHash().of(to);
    }

    /** Does the same in the caller's transaction. @param phone keyed hash of the number; null for none */
    static List<LeadRef> candidates(Transaction tx, String outbound, byte[] phone) {
        return phone == null ? List.of() : tx.leadKeys().withNumber(outbound, phone, MOST_CANDIDATES);
    }

    /**
     * Publishes a call, in one transaction with the outcome of its row. An event is made only when it says something new, and takes back
     * nothing that was told of the call as it is. A call that has changed since it was read from here is left as it is: nothing is
     * published, and it stays due.
     *
     * @param again when its lead is asked once more for what is still missing; null for never
     */
    void publish(WaitingCall call, Result result, Instant at, Instant again) {
        byte[] content = events.content(call.outbound(), call.seen(), result.match(), result.details());
        ToldAmount amount = events.amount(call.outbound(), result.match(), result.details());
        ledger.execute(tx -> {
            Optional<CallTable.Stored> stored = tx.calls()
                    .findWaiting(call.outbound(), call.callId())
                    .filter(now -> Arrays.equals(now.fingerprint(), call.fingerprint())
                            && call.seen().equals(now.seen()));
            if (stored.isEmpty()) {
                return;
            }
            int before = stored.get().revision();
            ToldAmount told = ToldAmount.ofText(stored.get().toldAmount());
            if (call.published() != null && told != null && amount.isPoorerThan(told)) {
                tx.calls().published(call, before, call.published(), told.toString(), again);
                return;
            }
            boolean isNew = !Arrays.equals(content, call.published());
            int revision = before + (isNew ? 1 : 0);
            tx.calls().published(call, revision, content, amount.toString(), again);
            OutcomeRecorder outcomes = new OutcomeRecorder(tx, at);
            outcomes.join(call.outbound(), call.callId(), result.row());
            if (result.row() != null) {
                outcomes.record(result.row(), result.outcome());
            }
            if (isNew) {
                Event event =
                        events.make(call.outbound(), call.seen(), true, revision, result.match(), result.details());
                tx.events().append(List.of(event));
            }
        });
    }

    /** Forgets a call that a webhook alone has told of and that no lead owns up to: the search for calls tells whether it is one. */
    void drop(WaitingCall call) {
        ledger.execute(tx -> tx.calls().drop(call.outbound(), call.callId()));
    }

    /** Notes that its lead could not be asked. @param again when it is asked next; null when it is given up */
    void postpone(WaitingCall call, Instant again) {
        ledger.execute(tx -> tx.calls().postpone(call, again));
    }
}
