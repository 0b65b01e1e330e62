package dev.pearlroutes.approval;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.SourceDecisions.Approval;
import dev.pearlroutes.model.Source;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which sources of leads may be sent: those that keep within the limits, and those that a person has approved. What is let in has
 * its leads reserved until their intents are made, so that no two sources get the same part of a day.
 */
public final class ApprovalStore {
    private final Ledger ledger;

    public ApprovalStore(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Where a source stands. */
    public enum Standing {
        /** Not judged yet, and nothing of it was sent. */
        NEW,
        /** It waits for a person. */
        WAITING,
        /** It may be sent, and is not judged again. */
        ADMITTED
    }

    /** Reads where a source stands. */
    public Standing standing(long sourceId) {
        Approval approval = ledger.transaction(tx -> tx.sourceDecisions().approval(sourceId));
        return approval.needed() ? Standing.WAITING : approval.open() ? Standing.NEW : Standing.ADMITTED;
    }

    /**
     * Lets a source in, unless its leads are too many for what is left of the day (UTC).
     *
     * @param leads how many it would send today
     * @param perDay how many an outbound may send a day; 0 for any number
     * @return how many leads are left when they are too few; empty when it is let in
     */
    public OptionalLong admit(Source source, long leads, long perDay, Instant at) {
        return ledger.transaction(tx -> {
            if (perDay > 0) {
                long sent = tx.leadRows().sentSince(source.outbound(), at.truncatedTo(ChronoUnit.DAYS));
                long left = Math.max(0, perDay - sent - tx.sourceDecisions().reservedForOthers(source));
                if (leads > left) {
                    return OptionalLong.of(left);
                }
            }
            tx.sources().reserve(source.id(), leads);
            return OptionalLong.empty();
        });
    }

    /** Has a source wait for a person, also over a restart. @param leads how many it would send today */
    public void hold(long sourceId, long leads) {
        ledger.execute(tx -> tx.sources().hold(sourceId, leads));
    }

    public void approve(long sourceId) {
        ledger.execute(tx -> tx.sources().approve(sourceId));
    }

    /**
     * Finds the number of the file that waits for a person under a name, which it will have in {@code done/} or, failing that, was
     * dropped with; also of one that was approved and is not finished, so that asking again finds no other.
     */
    public Optional<Long> waiting(String outbound, String name) {
        return ledger.transaction(tx -> tx.sourceDecisions().askedAbout(outbound, name));
    }

    /** Tells whether a file of this name is taken and not judged yet. */
    public boolean undecided(String outbound, String name) {
        return ledger.transaction(tx -> tx.sourceDecisions().undecided(outbound, name));
    }

    /** Recovers at start: messages that are not brought again must not keep a part of every day. */
    public void recoverAtStart() {
        ledger.execute(tx -> tx.sources().unreserveMessages());
    }

    /** Lists the files that wait for a person, oldest first. */
    public List<Source> waiting() {
        return ledger.transaction(tx -> tx.sourceDecisions().waiting());
    }
}
