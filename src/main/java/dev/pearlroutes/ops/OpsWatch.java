package dev.pearlroutes.ops;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Trouble;
import dev.pearlroutes.ops.OpsState.Entry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The watch over the troubles of the program. A trouble that is there at two looks in a row has begun, one that is missing at two has
 * ended; each of that is recorded once, with its event, in one transaction, also over restarts. The trouble of the ledger itself is kept in
 * memory alone: a mail reports it, and no event. No lock is held while the ledger is waited for.
 */
public final class OpsWatch {
    /** In the ledger's table of what it keeps about itself. */
    private static final String STATE = "ops/state";

    /** How long after a start a trouble from before counts as there: what it is of may not have been tried yet. */
    private static final Duration AFTER_START = Duration.ofMinutes(2);

    private final Ledger ledger;
    private final Events events;
    private final boolean toSinks;
    private final boolean byMail;
    private final Clock clock;
    private final Instant started;
    private final Queue<Trouble> happened = new ConcurrentLinkedQueue<>();
    private Map<String, Trouble> lastLook = Map.of();

    /** As the ledger had it when it was read last; for those who must not wait. */
    private volatile OpsState known = OpsState.NONE;

    private Entry ofLedger;

    /** Whom the troubles are told. */
    public record Listeners(boolean sinks, boolean mail) {}

    public OpsWatch(Ledger ledger, Events events, Listeners listeners, Clock clock) {
        this.ledger = ledger;
        this.events = events;
        this.toSinks = listeners.sinks();
        this.byMail = listeners.mail();
        this.clock = clock;
        this.started = clock.instant();
    }

    /** Takes what happened once and is no state; it is told at the next look. Never waits. */
    public void happened(Trouble once) {
        happened.add(once);
    }

    /** Records what happened once as a part of the transaction that makes it so. */
    public void happened(Transaction tx, List<Trouble> once) {
        Instant now = now();
        put(
                tx,
                before -> byMail ? before.with(entries(once, now)) : before,
                once.stream().map(each -> events.ofHappening(each, now)).toList());
    }

    private static List<Entry> entries(List<Trouble> once, Instant at) {
        return once.stream().map(each -> new Entry(each, at, at, false)).toList();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Looks whether the ledger can be used. Never waits for it. @param problem why it cannot; null while it can */
    public synchronized void lookAtLedger(String problem) {
        if (problem != null && (ofLedger == null || !ofLedger.open())) {
            ofLedger = new Entry(new Trouble("ledger", null, null, problem), now(), null, false);
        } else if (problem == null && ofLedger != null && ofLedger.open()) {
            ofLedger = ofLedger.mailed() ? ofLedger.endedAt(now()) : null;
        }
    }

    /** Looks at what is wrong now, of all but the ledger, and records what has begun, ended and happened; for one thread. */
    public void look(Collection<Trouble> troubles) {
        Instant now = now();
        OpsState before = ledger.read(OpsWatch::read);
        known = before;
        Map<String, Trouble> seen = new LinkedHashMap<>();
        troubles.forEach(trouble -> seen.putIfAbsent(trouble.key(), trouble));
        List<Entry> begun = new ArrayList<>();
        seen.forEach((key, trouble) -> {
            if (lastLook.containsKey(key) && before.openOf(key).isEmpty()) {
                begun.add(new Entry(trouble, now, null, false));
            }
        });
        List<Entry> ended =
                before.open().filter(entry -> isOver(entry, seen.keySet(), now)).toList();
        List<Trouble> once = new ArrayList<>();
        for (Trouble each = happened.poll(); each != null; each = happened.poll()) {
            once.add(each);
        }
        lastLook = seen;
        if (!begun.isEmpty() || !ended.isEmpty() || !once.isEmpty()) {
            record(begun, ended, once, now);
        }
    }

    private boolean isOver(Entry entry, Set<String> seen, Instant now) {
        String key = entry.trouble().key();
        boolean mayBeUntried = entry.since().isBefore(started) && now.isBefore(started.plus(AFTER_START));
        return !seen.contains(key) && !lastLook.containsKey(key) && !mayBeUntried;
    }

    private void record(List<Entry> begun, List<Entry> ended, List<Trouble> once, Instant now) {
        List<Event> told = new ArrayList<>();
        begun.forEach(entry -> told.add(events.ofTrouble(entry.trouble(), entry.since(), null)));
        ended.forEach(entry -> told.add(events.ofTrouble(entry.trouble(), entry.since(), now)));
        once.forEach(each -> told.add(events.ofHappening(each, now)));
        Set<String> endedKeys =
                ended.stream().map(entry -> entry.trouble().key()).collect(Collectors.toSet());
        known = ledger.transaction(tx -> put(
                tx,
                before -> {
                    OpsState after = before.ended(endedKeys, byMail, now).with(begun);
                    return byMail ? after.with(entries(once, now)) : after;
                },
                told));
    }

    private static OpsState read(Transaction tx) {
        return tx.meta().get(STATE).map(OpsState::of).orElse(OpsState.NONE);
    }

    private OpsState put(Transaction tx, UnaryOperator<OpsState> change, List<Event> told) {
        OpsState after = change.apply(read(tx));
        if (toSinks) {
            tx.events().append(told);
        }
        tx.meta().put(STATE, after.json());
        return after;
    }

    /** Counts the troubles that are open. Never waits for the ledger. */
    public synchronized int open() {
        return (int) known.open().count() + (ofLedger != null && ofLedger.open() ? 1 : 0);
    }

    /** What a mail may report, as it was known at the last look. Never waits for the ledger. */
    synchronized OpsState toMail() {
        return ofLedger == null ? known : known.with(List.of(ofLedger));
    }

    /** Notes what a mail has reported. While the ledger cannot be used that is known to this process alone. */
    void mailed(Collection<Entry> told, Instant at) {
        boolean ledgerFails;
        synchronized (this) {
            ledgerFails = ofLedger != null && ofLedger.open();
            if (ofLedger != null && told.contains(ofLedger)) {
                ofLedger = ledgerFails ? ofLedger.told() : null;
            }
        }
        known = ledgerFails
                ? known.mailed(told, at)
                : ledger.transaction(tx -> put(tx, before -> before.mailed(told, at), List.of()));
    }
}
