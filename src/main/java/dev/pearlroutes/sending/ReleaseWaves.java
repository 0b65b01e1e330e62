package dev.pearlroutes.sending;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.WaveTable.Wave;
import dev.pearlroutes.model.ReleaseRate;
import dev.pearlroutes.model.Source;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The waves in which an outbound's lead files are released, all of them together. A wave begins with its first lead and lasts for its
 * period; what it has released is on record before the leads are sent, so that no restart releases it twice.
 */
public final class ReleaseWaves {
    private final Ledger ledger;
    private final Map<String, ReleaseRate> rates;
    private final Set<Long> waiting = ConcurrentHashMap.newKeySet();

    /** @param rates by outbound; one that is missing sends its files as fast as it may */
    public ReleaseWaves(Ledger ledger, Map<String, ReleaseRate> rates) {
        this.ledger = ledger;
        this.rates = Map.copyOf(rates);
    }

    /**
     * Leads that may be released.
     *
     * @param began when their wave began; null when there are no waves
     * @param next when the next wave begins; null when there are no waves
     */
    public record Grant(int leads, Instant began, Instant next) {
        /** Grants leads without waves. */
        public static Grant of(int leads) {
            return new Grant(leads, null, null);
        }
    }

    /** Has each source that waits for a wave look once whether it still has to. */
    public void recoverAtStart() {
        ledger.execute(tx -> tx.sources().endWaveWaits());
    }

    /** Takes leads out of the wave that is on, or out of a new one. @return at most what is wanted, 0 when the wave is full */
    public Grant take(Source source, int wanted, Instant at) {
        ReleaseRate rate = rates.get(source.outbound());
        if (rate == null || source.message()) {
            return Grant.of(wanted);
        }
        return ledger.transaction(tx -> {
            Wave wave = wave(tx, source.outbound(), rate, at);
            int granted = Math.max(0, Math.min(wanted, rate.leads() - wave.leads()));
            tx.waves().put(source.outbound(), new Wave(wave.began(), wave.leads() + granted));
            return new Grant(granted, wave.began(), wave.began().plus(rate.period()));
        });
    }

    /** Finds the wave that is on, or begins a new one. */
    private static Wave wave(Transaction tx, String outbound, ReleaseRate rate, Instant now) {
        Instant at = now.truncatedTo(ChronoUnit.MILLIS);
        return tx.waves()
                .find(outbound)
                .filter(last -> at.isBefore(last.began().plus(rate.period())))
                // A clock that was set back must not make a wave longer.
                .map(last -> last.began().isAfter(at) ? new Wave(at, last.leads()) : last)
                .orElse(new Wave(at, 0));
    }

    /** Gives leads back to the wave they were taken from, if it still is on: they are not sent. One of no lead has not begun. */
    public void giveBack(Source source, Grant grant, int leads) {
        if (grant.began() != null && leads > 0) {
            ledger.execute(tx -> tx.waves().takeBack(source.outbound(), grant.began(), leads));
        }
    }

    /** Has a source wait for the next wave, holding no thread, unless leads were given back to the last one meanwhile. */
    public void waitForNext(Source source, Instant next, Instant at) {
        ReleaseRate rate = rates.get(source.outbound());
        ledger.execute(tx -> {
            boolean full = wave(tx, source.outbound(), rate, at).leads() >= rate.leads();
            tx.sources().waitForWave(source.id(), full ? next : null);
        });
        waiting.add(source.id());
    }

    /**
     * To be called when a run of a source is over: what it has given back is for those that wait for the next wave because it had
     * taken it.
     */
    public void ended(Source source, Instant at) {
        ReleaseRate rate = rates.get(source.outbound());
        if (rate != null && !source.message()) {
            ledger.execute(tx -> {
                if (wave(tx, source.outbound(), rate, at).leads() < rate.leads()) {
                    tx.sources().endWaveWaits(source.outbound());
                }
            });
        }
    }

    /** To be called when a source is worked on: it does not wait any more. */
    public void resume(Source source) {
        waiting.remove(source.id());
    }

    /** Counts the files that wait for the next wave; asking never waits for the ledger. */
    public int waiting() {
        return waiting.size();
    }
}
