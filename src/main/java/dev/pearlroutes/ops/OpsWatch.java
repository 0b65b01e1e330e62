package dev.pearlroutes.ops;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.Trouble;
import dev.pearlroutes.ops.OpsState.Entry;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/**
 * The watch over the troubles of the program. A trouble that is there at two looks in a row has begun, one that is missing at two has
 * ended; each of that is recorded once, with its event, in one transaction, also over restarts. The trouble of the ledger itself is kept in
 * memory alone: a mail tells of it, and no event.
 */
public final class OpsWatch {
    /** In the ledger's table of what it keeps about itself. */
    private static final String STATE = "ops/state";

    private final Ledger ledger;
    private final Events events;
    private final boolean toSinks;
    private final boolean byMail;
    private final Clock clock;
    private final Queue<Trouble> happened = new ConcurrentLinkedQueue<>();

    private OpsState state;
    private Map<String, Trouble> lastLook = Map.of();
    private Entry ofLedger;
    private boolean ledgerFails;

    /** Whom the troubles are told. */
    public record Listeners(boolean sinks, boolean mail) {}

    public OpsWatch(Ledger ledger, Events events, Listeners listeners, Clock clock) {
        this.ledger = ledger;
        this.events = events;
        this.toSinks = listeners.sinks();
        this.byMail = listeners.mail();
        this.clock = clock;
    }

    /** Takes what happened once and is no state; it is told at the next look. Never waits. */
    public void happened(Trouble once) {
        happened.add(once);
    }

    /**
     * Looks at what is wrong now, and records what has begun, ended and happened.
     *
     * @param ledgerProblem why the ledger cannot be used; null while it can
     * @param troubles all others; of no meaning while the ledger cannot be used
     */
    public void look(String ledgerProblem, Collection<Trouble> troubles) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        judgeLedger(ledgerProblem, now);
        if (ledgerProblem != null) {
            return;
        }
        OpsState before = state();
        Map<String, Trouble> seen = new LinkedHashMap<>();
        troubles.forEach(trouble -> seen.putIfAbsent(trouble.key(), trouble));
        List<Entry> begun = new ArrayList<>();
        seen.forEach((key, trouble) -> {
            if (lastLook.containsKey(key) && before.openOf(key).isEmpty()) {
                begun.add(new Entry(trouble, now, null, false));
            }
        });
        List<Entry> ended = before.open()
                .filter(entry -> !seen.containsKey(entry.trouble().key())
                        && !lastLook.containsKey(entry.trouble().key()))
                .toList();
        List<Entry> once = takeHappened(now);
        lastLook = seen;
        if (!begun.isEmpty() || !ended.isEmpty() || !once.isEmpty()) {
            record(begun, ended, once, now);
        }
    }

    private List<Entry> takeHappened(Instant now) {
        List<Entry> once = new ArrayList<>();
        for (Trouble each = happened.poll(); each != null; each = happened.poll()) {
            once.add(new Entry(each, now, now, false));
        }
        return once;
    }

    private void record(List<Entry> begun, List<Entry> ended, List<Entry> once, Instant now) {
        List<Event> told = new ArrayList<>();
        begun.forEach(entry -> told.add(events.ofTrouble(entry.trouble(), entry.since(), null)));
        ended.forEach(entry -> told.add(events.ofTrouble(entry.trouble(), entry.since(), now)));
        once.forEach(entry -> told.add(events.ofHappening(entry.trouble(), entry.since())));
        Set<String> endedKeys = new LinkedHashSet<>();
        ended.forEach(entry -> endedKeys.add(entry.trouble().key()));
        change(
                before -> {
                    OpsState after = before.ended(endedKeys, byMail, now).with(begun);
                    return byMail ? after.with(once) : after;
                },
                told);
    }

    /** One after the other, in memory and in the ledger. */
    private synchronized void change(UnaryOperator<OpsState> change, List<Event> told) {
        OpsState after = change.apply(state());
        ledger.execute(tx -> {
            if (toSinks) {
                tx.events().append(told);
            }
            tx.meta().put(STATE, after.json());
        });
        state = after;
    }

    private synchronized OpsState state() {
        if (state == null) {
            state = ledger.read(tx -> tx.meta().get(STATE)).map(OpsState::of).orElse(OpsState.NONE);
        }
        return state;
    }

    private synchronized void judgeLedger(String problem, Instant now) {
        ledgerFails = problem != null;
        if (ledgerFails && (ofLedger == null || !ofLedger.open())) {
            ofLedger = new Entry(new Trouble("ledger", null, null, problem), now, null, false);
        } else if (!ledgerFails && ofLedger != null && ofLedger.open()) {
            ofLedger = ofLedger.mailed() ? ofLedger.endedAt(now) : null;
        }
    }

    /** Counts the troubles that are open. Never waits for the ledger. */
    public synchronized int open() {
        return (int) ((state == null ? 0 : state.open().count()) + (ofLedger != null && ofLedger.open() ? 1 : 0));
    }

    /** What a mail may tell of. While the ledger cannot be used that is its own trouble alone. */
    synchronized OpsState toMail() {
        OpsState all = state == null ? OpsState.NONE : state;
        return ofLedger == null ? all : all.with(List.of(ofLedger));
    }

    /** Notes what a mail has told of. While the ledger cannot be used that is forgotten at a restart. */
    synchronized void mailed(Collection<Entry> told, Instant at) {
        if (ofLedger != null && told.contains(ofLedger)) {
            ofLedger = ofLedger.open() ? ofLedger.told() : null;
        }
        if (ledgerFails) {
            state = (state == null ? OpsState.NONE : state).mailed(told, at);
        } else {
            change(before -> before.mailed(told, at), List.of());
        }
    }
}
