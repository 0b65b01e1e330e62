package dev.pearlroutes.updates;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.FailedStopTable.Count;
import dev.pearlroutes.model.FailedStop;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leads that must not be called any more, by a suppression list or a recall, and that could not be stopped: an alarm until each
 * of them is stopped or a person takes note.
 */
public final class FailedStops {
    private static final Logger LOG = LoggerFactory.getLogger(FailedStops.class);
    private static final Backoff WAITS = new Backoff(Duration.ofSeconds(30), Duration.ofHours(1));

    /** Least time between two log lines about an outbound. */
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final Ledger ledger;
    private final Clock clock;
    private final Map<String, Told> told = new HashMap<>();
    private volatile Map<String, List<Count>> counts = Map.of();

    public FailedStops(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** The last log line about an outbound. @param newest of the leads that it was about */
    private record Told(Instant at, Instant newest) {}

    /** Answers when a lead is tried next. @param tries how often it has failed, from 1 on */
    static Instant nextTry(int tries, Instant at) {
        return at.plus(WAITS.after(tries));
    }

    /** Reads the leads of an outbound to be tried now, those that wait longest first. */
    List<FailedStop> due(String outbound, Instant now, int most) {
        return ledger.read(tx -> tx.failedStops().due(outbound, now, most));
    }

    /** Notes that a lead could not be stopped once more. */
    void failedAgain(FailedStop stop, String reason, Instant at) {
        ledger.execute(tx -> tx.failedStops().failedAgain(stop, reason, nextTry(stop.tries() + 1, at)));
    }

    /**
     * Lists them by outbound, file and line.
     *
     * @param outbound null for all
     * @param file name of the source; null for all
     */
    public List<FailedStop> list(String outbound, String file) {
        return ledger.read(tx -> tx.failedStops().all()).stream()
                .filter(stop -> outbound == null || outbound.equals(stop.outbound()))
                .filter(stop -> file == null || file.equals(stop.file()))
                .toList();
    }

    /** Ends the alarm and the tries, by a person's decision. @return false when that had ended before */
    public boolean acknowledge(FailedStop stop) {
        return ledger.transaction(tx -> tx.failedStops().remove(stop.outbound(), stop.leadId()));
    }

    /** Counts them, for health and for people, and says what is new. */
    public void tell() {
        Instant now = clock.instant();
        Map<String, List<Count>> counted = ledger.read(tx -> tx.failedStops().counts()).stream()
                .collect(Collectors.groupingBy(Count::outbound, TreeMap::new, Collectors.toList()));
        counted.forEach((outbound, causes) -> tell(outbound, causes, now));
        for (String outbound : List.copyOf(told.keySet())) {
            if (!counted.containsKey(outbound)) {
                told.remove(outbound);
                LOG.info("{} has no lead any more that could not be stopped", outbound);
            }
        }
        counts = counted;
    }

    private void tell(String outbound, List<Count> causes, Instant now) {
        Told before = told.get(outbound);
        Instant newest =
                causes.stream().map(Count::newest).max(Instant::compareTo).orElseThrow();
        if (before == null
                || newest.isAfter(before.newest()) && !now.isBefore(before.at().plus(BETWEEN_LINES))) {
            told.put(outbound, new Told(now, newest));
            LOG.error(
                    "{} They are tried again by themselves, ever more seldom up to once an hour",
                    describe(outbound, causes));
        }
    }

    /** Answers with how many there are of an outbound; asking never waits for the ledger. */
    public long count(String outbound) {
        return counts.getOrDefault(outbound, List.of()).stream()
                .mapToLong(Count::leads)
                .sum();
    }

    /** Answers with the outbounds that have any. */
    public List<String> outbounds() {
        return List.copyOf(counts.keySet());
    }

    /** Says what is wrong with those of an outbound; asking never waits for the ledger. */
    public String problem(String outbound) {
        return describe(outbound, counts.getOrDefault(outbound, List.of()));
    }

    /** Says what is wrong, a sentence an outbound, for health; empty while all is well. It never waits for the ledger. */
    public List<String> problems() {
        return counts.entrySet().stream()
                .map(each -> describe(each.getKey(), each.getValue()))
                .toList();
    }

    private static String describe(String outbound, List<Count> causes) {
        return causes.stream()
                .map(count -> LogText.count(count.leads(), "lead") + " of " + outbound
                        + (count.cause() == Source.Operation.SUPPRESS
                                ? ", on a suppression list,"
                                : ", of a recalled file,"))
                .collect(Collectors.joining(
                        " and ", "", " could not be stopped and may be called: see pearl-routes stops list."));
    }
}
