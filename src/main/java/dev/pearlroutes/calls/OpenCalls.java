package dev.pearlroutes.calls;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.CallTable;
import dev.pearlroutes.model.SeenCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The calls that are not final: when each is read by itself. */
public final class OpenCalls {
    /** One over the part of its age after which a call is read again: the older, the more seldom, for ever. */
    private static final int AGE_PER_READ = 10;

    /** Answers in a row that there is no such call after which the API has forgotten it. */
    private static final int ABSENT_FOR_GOOD = 3;

    /** Age of a call whose start is unknown. */
    private static final Duration UNKNOWN_AGE = Duration.ofHours(10);

    /** Longest time until a call that could not be read is read again. */
    private static final Duration LONGEST_UNREAD = Duration.ofHours(1);

    private final Ledger ledger;

    public OpenCalls(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Lists the calls that are not final, are to be read by themselves now, and started before some time. */
    List<String> due(String outbound, Instant startedBefore, Instant at, int most) {
        return ledger.transaction(tx -> tx.calls().dueToRead(outbound, startedBefore, at, most));
    }

    /** Has a call that could not be read wait, behind the others. */
    void postpone(String outbound, String callId, Instant at) {
        ledger.execute(tx -> tx.calls()
                .readLater(outbound, callId, at, at.minus(UNKNOWN_AGE), AGE_PER_READ, LONGEST_UNREAD.toMillis()));
    }

    /** Notes the API's answer that there is no such call. @return whether it is not read again */
    public boolean absent(String outbound, String callId, Instant at) {
        return ledger.transaction(tx -> {
            Optional<CallTable.Absence> absence = tx.calls()
                    .absent(outbound, callId, at, at.minus(UNKNOWN_AGE), AGE_PER_READ, ABSENT_FOR_GOOD)
                    .filter(CallTable.Absence::forGood);
            absence.map(CallTable.Absence::sourceId)
                    .ifPresent(source -> tx.sources().markOutcomesChanged(source, at));
            return absence.isPresent();
        });
    }

    /** Answers when a call that is not final is read by itself. */
    static Instant readAgain(SeenCall call, Instant at) {
        Duration age = call.startedAt() == null ? UNKNOWN_AGE : Duration.between(call.startedAt(), at);
        return at.plus(age.isNegative() ? Duration.ZERO : age.dividedBy(AGE_PER_READ));
    }
}
