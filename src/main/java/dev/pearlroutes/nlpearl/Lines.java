package dev.pearlroutes.nlpearl;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Circuit Breaker of sending: one line for the account and one for each outbound. A line that stops rejects nothing. Reads
 * probe it, at most 30 s apart; when one shows it mended a single lead is tried, and when that is taken all go on.
 */
public final class Lines {
    private static final Logger LOG = LoggerFactory.getLogger(Lines.class);

    /** So many in a row without an accepted lead between them are no accident of a single lead. */
    static final int IN_A_ROW = 5;

    static final Duration LONGEST_PROBE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration FIRST_PROBE_INTERVAL = Duration.ofSeconds(1);
    /** Also when the API asks for none or does not say: to be refused again at once helps nobody. */
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private static final String ACCOUNT = "";

    private final Clock clock;
    private final Rate rate;
    private final Map<String, Line> stopped = new HashMap<>();
    private final Map<String, Integer> suspects = new HashMap<>();
    private final Set<String> rightIds = new HashSet<>();
    private int troubles;
    private Instant pausedUntil = Instant.MIN;
    private boolean stopping;

    /** @param rate learns from the answers that the lines hear of */
    public Lines(Clock clock, Rate rate) {
        this.clock = clock;
        this.rate = rate;
    }

    private static final class Line {
        private final Stop stop;
        private Duration interval;
        private Instant probeAt;
        private boolean mayTry;
        private boolean trying;

        private Line(Stop stop, Duration interval) {
            this.stop = stop;
            this.interval = interval;
            this.probeAt = stop.since().plus(interval);
        }

        private void closeAgain(Instant now) {
            mayTry = false;
            trying = false;
            interval = interval.multipliedBy(2).compareTo(LONGEST_PROBE_INTERVAL) < 0
                    ? interval.multipliedBy(2)
                    : LONGEST_PROBE_INTERVAL;
            probeAt = now.plus(interval);
        }
    }

    /** Learns from an answer of Add Lead. */
    public synchronized void heard(String outbound, Answer answer) {
        if (answer.kind() != Answer.Kind.LIMITED && answer.kind() != Answer.Kind.HELD) {
            rate.answered();
        }
        if (answer.kind() == Answer.Kind.ACCEPTED || answer.kind() == Answer.Kind.REJECTED) {
            worked(outbound);
        } else {
            wentWrong(outbound, answer);
        }
        notifyAll();
    }

    /** Blocks until sending for the outbound may go on. @return false when the process is stopping instead */
    public synchronized boolean await(String outbound) throws InterruptedException {
        while (!stopping) {
            Duration pause = Duration.between(clock.instant(), pausedUntil);
            if (pause.compareTo(Duration.ZERO) > 0) {
                wait(Math.max(1, pause.toMillis()));
            } else if (open(ACCOUNT) && open(outbound)) {
                return true;
            } else {
                wait();
            }
        }
        return false;
    }

    /** Lets one lead through, as the last thing before its request. @throws NotSentException when the line is stopped */
    public synchronized void enter(String outbound) {
        if (stopping) {
            throw new NotSentException("the process is stopping");
        }
        if (clock.instant().isBefore(pausedUntil)) {
            throw new NotSentException("paused by the API");
        }
        if (!open(ACCOUNT) || !open(outbound)) {
            throw new NotSentException("the line is stopped");
        }
        markTrying(ACCOUNT);
        markTrying(outbound);
    }

    /** Blocks while the API wants to be left alone; for requests other than Add Lead. */
    public synchronized void awaitPause() throws InterruptedException {
        while (!stopping && clock.instant().isBefore(pausedUntil)) {
            wait(Math.max(1, Duration.between(clock.instant(), pausedUntil).toMillis()));
        }
        if (stopping) {
            throw new NotSentException("the process is stopping");
        }
    }

    /** Pauses the account because the API asked for it. @param asked null when it did not say for how long */
    public synchronized void limited(Duration asked) {
        Duration wait = asked == null || asked.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : asked;
        Instant now = clock.instant();
        // Answers to requests that were on their way before the pause are part of the same episode.
        if (!now.isBefore(pausedUntil)) {
            rate.limited();
            LOG.warn(
                    "The API asks for a pause of {} ms (429); {} requests a second follow",
                    wait.toMillis(),
                    Math.round(rate.perSecond()));
        }
        if (now.plus(wait).isAfter(pausedUntil)) {
            pausedUntil = now.plus(wait);
        }
    }

    /** Whether sending for the outbound could go on now. */
    public synchronized boolean isOpen(String outbound) {
        return !stopping && !clock.instant().isBefore(pausedUntil) && open(ACCOUNT) && open(outbound);
    }

    /** The stops there are now, for health and for people. */
    public synchronized List<Stop> stops() {
        return stopped.values().stream().map(line -> line.stop).toList();
    }

    /** The stops to be probed now. Each call counts as the probe. */
    public synchronized List<Stop> due() {
        List<Stop> due = new ArrayList<>();
        Instant now = clock.instant();
        for (Line line : stopped.values()) {
            if (!stopping && !line.mayTry && !now.isBefore(line.probeAt)) {
                line.closeAgain(now);
                due.add(line.stop);
            }
        }
        return due;
    }

    /** Tells what a probe brought. @param status of the answer; 0 when none came */
    public synchronized void probed(Stop stop, int status) {
        Line line = stopped.get(scope(stop.outbound(), stop.account()));
        if (line != null && line.stop.equals(stop) && stop.mendedBy(status)) {
            line.mayTry = true;
            line.trying = false;
            if (stop.cause() == Stop.Cause.WRONG_OUTBOUND) {
                rightIds.add(stop.outbound());
            }
            notifyAll();
        }
    }

    /** Ends every waiting: no request is begun after this. */
    public synchronized void shutDown() {
        stopping = true;
        notifyAll();
    }

    public synchronized boolean stopping() {
        return stopping;
    }

    private void worked(String outbound) {
        troubles = 0;
        suspects.remove(outbound);
        goOn(ACCOUNT);
        goOn(outbound);
    }

    private void wentWrong(String outbound, Answer answer) {
        if (answer.kind() == Answer.Kind.SUSPECT) {
            goOn(ACCOUNT);
        }
        boolean tried = endTrial(ACCOUNT) | endTrial(outbound);
        switch (answer.kind()) {
            case SUSPECT -> {
                troubles = 0;
                suspect(outbound, answer, tried);
            }
            case REFUSED -> stop(Stop.Cause.CREDENTIALS, outbound, true, answer.reason());
            case LIMITED -> limited(answer.retryAfter());
            case NOT_SENT ->
                stop(Stop.Cause.UNREACHABLE, outbound, true, "the API cannot be reached: " + answer.reason() + ".");
            case UNKNOWN -> {
                troubles++;
                if (troubles >= IN_A_ROW || tried) {
                    stop(
                            Stop.Cause.OUTAGE,
                            outbound,
                            true,
                            "the API does not answer as it should: " + answer.reason() + ".");
                }
            }
            default -> {
                // HELD: nothing was asked of the API, so nothing was learned.
            }
        }
    }

    /** When a read has shown the outbound's id to be right, the refusals are the leads' own and no cause to stop. */
    private void suspect(String outbound, Answer answer, boolean tried) {
        int inARow = suspects.merge(outbound, 1, Integer::sum);
        if (rightIds.contains(outbound)) {
            stopped.remove(outbound);
        } else if (inARow >= IN_A_ROW || tried) {
            stopOutbound(outbound, answer.reason());
        }
    }

    /** Stops an outbound whose leads are refused for a reason that is not theirs. */
    public synchronized void stopOutbound(String outbound, String reason) {
        stop(
                Stop.Cause.WRONG_OUTBOUND,
                outbound,
                false,
                "the API refuses every lead of outbound " + outbound + " (" + reason + "): check outbound." + outbound
                        + ".id; it is the outbound's id, not the Pearl's.");
    }

    private void stop(Stop.Cause cause, String outbound, boolean account, String reason) {
        Instant now = clock.instant();
        Line line = stopped.get(scope(outbound, account));
        if (line == null) {
            // The id is right and yet no lead was ever accepted: trying often would help nobody.
            Duration interval = !account && rightIds.contains(outbound) ? LONGEST_PROBE_INTERVAL : FIRST_PROBE_INTERVAL;
            stopped.put(scope(outbound, account), new Line(new Stop(cause, outbound, account, reason, now), interval));
            LOG.error(
                    "{} {} Sending waits and goes on by itself when it is mended.",
                    account ? "STOPPED." : "STOPPED for " + outbound + ".",
                    reason);
        } else if (line.mayTry) {
            line.closeAgain(now);
        }
    }

    private void goOn(String scope) {
        // An answer to a request that was on its way before the stop proves nothing about now.
        Line line = stopped.get(scope);
        if (line != null && line.trying) {
            stopped.remove(scope);
            LOG.info("Sending goes on: {}", line.stop.reason());
        }
    }

    private boolean open(String scope) {
        Line line = stopped.get(scope);
        return line == null || (line.mayTry && !line.trying);
    }

    private boolean endTrial(String scope) {
        Line line = stopped.get(scope);
        boolean tried = line != null && line.trying;
        if (tried) {
            line.trying = false;
        }
        return tried;
    }

    private void markTrying(String scope) {
        Line line = stopped.get(scope);
        if (line != null) {
            line.trying = true;
        }
    }

    private static String scope(String outbound, boolean account) {
        return account ? ACCOUNT : outbound;
    }
}
