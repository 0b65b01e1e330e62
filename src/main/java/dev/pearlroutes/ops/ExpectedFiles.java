package dev.pearlroutes.ops;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Trouble;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quartz.CronExpression;

/**
 * The lead files that are expected by some time: one has to be taken between two of these times, or it is missing until one is. An outbound
 * that never had a file is judged from the first of these times on that the process sees.
 */
public final class ExpectedFiles {
    /** How far back the last time is looked for, the nearest first. */
    private static final List<Duration> BACK =
            List.of(Duration.ofHours(2), Duration.ofDays(2), Duration.ofDays(15), Duration.ofDays(400));

    private final Map<String, Deadlines> outbounds = new HashMap<>();
    private final Ledger ledger;
    private final Clock clock;
    private final Instant started;

    /** The two last times, and the next one; null where there is none. */
    private static final class Deadlines {
        private final CronExpression cron;
        private Instant former;
        private Instant last;
        private Instant next;

        Deadlines(String cron) {
            try {
                this.cron = new CronExpression(cron);
            } catch (ParseException e) {
                throw new IllegalArgumentException("the configuration let a cron pass that is none", e);
            }
        }

        void moveTo(Instant now) {
            if (last == null && next == null) {
                begin(now);
            }
            while (next != null && !next.isAfter(now)) {
                step();
            }
        }

        private void begin(Instant now) {
            for (Duration back : BACK) {
                if (former == null) {
                    last = null;
                    next = after(now.minus(back));
                    while (next != null && !next.isAfter(now)) {
                        step();
                    }
                }
            }
        }

        private void step() {
            former = last;
            last = next;
            next = after(last);
        }

        private Instant after(Instant time) {
            Date found = cron.getNextValidTimeAfter(Date.from(time));
            return found == null ? null : found.toInstant();
        }
    }

    /** @param crons by outbound, as Quartz has them */
    public ExpectedFiles(Map<String, String> crons, Ledger ledger, Clock clock) {
        crons.forEach((outbound, cron) -> outbounds.put(outbound, new Deadlines(cron)));
        this.ledger = ledger;
        this.clock = clock;
        this.started = clock.instant();
    }

    /** Lists the outbounds whose file is missing now. */
    public synchronized List<Trouble> missing() {
        Instant now = clock.instant();
        List<Trouble> missing = new ArrayList<>();
        outbounds.forEach((outbound, deadlines) -> {
            deadlines.moveTo(now);
            if (deadlines.last != null && isMissing(outbound, deadlines)) {
                missing.add(new Trouble(
                        "file-expected",
                        outbound,
                        null,
                        "No lead file of " + outbound + " was taken by " + deadlines.last
                                + ", when one is expected (outbound." + outbound
                                + ".expect-file). Find out why it was not dropped in inbox/" + outbound + "."));
            }
        });
        return missing;
    }

    private boolean isMissing(String outbound, Deadlines deadlines) {
        Optional<Instant> newest = ledger.read(tx -> tx.sourceList().newestFile(outbound));
        if (newest.isEmpty()) {
            return deadlines.last.isAfter(started);
        }
        return deadlines.former != null && !newest.get().isAfter(deadlines.former);
    }
}
