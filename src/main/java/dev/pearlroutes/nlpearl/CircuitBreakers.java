package dev.pearlroutes.nlpearl;

import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Circuit Breaker of sending: one line for the account and one for each outbound. A line that stops rejects nothing. Reads
 * probe it, at most 30 s apart; when one shows it mended a single lead is tried, and when that is taken all go on.
 */
public final class CircuitBreakers {
    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreakers.class);

    /** So many in a row without an accepted lead between them are no accident of a single lead. */
    static final int IN_A_ROW = 5;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final String ACCOUNT = "";

    private final Clock clock;
    private final ThrottlePause pause;
    private final Map<String, CircuitBreaker> stopped = new HashMap<>();
    private final Map<String, OpenCircuit> held = new HashMap<>();
    private final Map<String, Integer> suspects = new HashMap<>();
    private final Map<String, Long> accepted = new HashMap<>();
    private final Shutdown shutdown;
    private int troubles;

    /** @param rate learns from the answers that the lines hear of */
    public CircuitBreakers(Clock clock, AdaptiveRate rate, Shutdown shutdown) {
        this.clock = clock;
        this.shutdown = shutdown;
        shutdown.onBegin(this::wake);
        this.pause = new ThrottlePause(clock, rate);
    }

    /** Learns from an answer of Add Lead. @param request as given to {@link #acquireTrial}, which tells a trial from a straggler */
    public synchronized void onAnswer(String outbound, Object request, Answer answer) {
        if (answer.kind() == Answer.Kind.HELD) {
            return;
        }
        if (answer.kind().withheld()) {
            // Nothing was asked of the API: another lead may be the one to be tried.
            endTrial(ACCOUNT, request);
            endTrial(outbound, request);
            notifyAll();
            return;
        }
        if (answer.kind() != Answer.Kind.RATE_LIMITED) {
            pause.answered();
        }
        if (answer.kind() == Answer.Kind.ACCEPTED || answer.kind() == Answer.Kind.REJECTED) {
            worked(outbound, request, answer);
        } else {
            wentWrong(outbound, request, answer);
        }
        notifyAll();
    }

    /** How many leads of the outbound were accepted in this run. */
    public synchronized long accepted(String outbound) {
        return accepted.getOrDefault(outbound, 0L);
    }

    /** Blocks until sending for the outbound may go on. @return false when the process shuts down instead */
    public synchronized boolean await(String outbound) throws InterruptedException {
        return await(outbound, () -> false);
    }

    /** The same, but only as long as it matters. @param over asked again at each {@link #wake} */
    public synchronized boolean await(String outbound, BooleanSupplier over) throws InterruptedException {
        while (!shutdown.requested()) {
            if (over.getAsBoolean()) {
                return true;
            } else if (pause.isOn()) {
                waitOutPause();
            } else if (open(ACCOUNT) && open(outbound)) {
                return true;
            } else {
                wait();
            }
        }
        return false;
    }

    /** @throws NotSentException when the process shuts down */
    public synchronized void checkRunning() {
        if (shutdown.requested()) {
            throw new NotSentException("the process is stopping");
        }
    }

    /** @throws NotSentException when the API wants to be left alone, or the process shuts down */
    public synchronized void checkPause() {
        checkRunning();
        if (pause.isOn()) {
            throw new NotSentException("paused by the API");
        }
    }

    /** @throws NotSentException when no lead of the outbound may be sent now */
    public synchronized void check(String outbound) {
        checkPause();
        if (!open(ACCOUNT) || !open(outbound)) {
            throw new NotSentException("the line is stopped");
        }
    }

    /** Lets one lead through, as the last thing before its request. @throws NotSentException when the line is stopped */
    public synchronized void acquireTrial(String outbound, Object request) {
        check(outbound);
        beginTrial(ACCOUNT, request);
        beginTrial(outbound, request);
    }

    /** Blocks while the API wants to be left alone; for requests other than Add Lead. */
    public synchronized void awaitPause() throws InterruptedException {
        while (!shutdown.requested() && pause.isOn()) {
            waitOutPause();
        }
        checkRunning();
    }

    private void waitOutPause() throws InterruptedException {
        // Rounded up: to look again some microseconds too early would be busy waiting.
        wait(pause.remaining().toMillis() + 1);
    }

    /** Learns from the answer to any request but Add Lead. @param retryAfter of a 429; null when it did not say */
    public synchronized void onReadAnswer(int status, Duration retryAfter) {
        if (status == TOO_MANY_REQUESTS) {
            pause.limited(retryAfter);
        } else {
            pause.answered();
        }
    }

    /** Has those who wait look whether they still have to. */
    public synchronized void wake() {
        notifyAll();
    }

    /** Whether a probe has shown that the id of an outbound is right whose line was stopped for doubts about it. */
    public synchronized boolean idConfirmed(String outbound) {
        CircuitBreaker line = stopped.get(outbound);
        return line != null && line.readable();
    }

    /** Whether sending for the outbound could go on now. */
    public synchronized boolean maySend(String outbound) {
        return !shutdown.requested() && !pause.isOn() && open(ACCOUNT) && open(outbound);
    }

    /** The stops there are now, for health and for people. */
    public synchronized List<OpenCircuit> openCircuits() {
        return Stream.concat(held.values().stream(), stopped.values().stream().map(CircuitBreaker::stop))
                .toList();
    }

    /** The stops that keep something from being sent: all but those of which a read has shown that the next lead may be tried. */
    public synchronized List<OpenCircuit> blocking() {
        return Stream.concat(
                        held.values().stream(),
                        stopped.values().stream().filter(line -> !line.open()).map(CircuitBreaker::stop))
                .toList();
    }

    /** Holds a line until {@link #clearForced}; no probe can tell when that is. @param outbound null for the account */
    public synchronized void forceOpen(String outbound, String reason) {
        String scope = scope(outbound, outbound == null);
        OpenCircuit before = held.get(scope);
        Instant since = before == null ? clock.instant() : before.since();
        held.put(scope, new OpenCircuit(OpenCircuit.Cause.HOLD, outbound, outbound == null, reason, since));
    }

    /** Ends a hold, if there is one. @param outbound null for the account */
    public synchronized void clearForced(String outbound) {
        if (held.remove(scope(outbound, outbound == null)) != null) {
            notifyAll();
        }
    }

    /** The stops to be probed now. Each call counts as the probe. */
    public synchronized List<OpenCircuit> due() {
        if (shutdown.requested()) {
            return List.of();
        }
        Instant now = clock.instant();
        return stopped.values().stream()
                .filter(line -> line.due(now))
                .map(CircuitBreaker::stop)
                .toList();
    }

    /** Tells what a probe brought. @param status of the answer; 0 when none came */
    public synchronized void onProbe(OpenCircuit stop, int status) {
        if (status > 0) {
            onReadAnswer(status, null);
        }
        CircuitBreaker line = stopped.get(scope(stop.outbound(), stop.account()));
        if (line != null && line.probed(stop, status)) {
            notifyAll();
        }
    }

    /** The shutdown of the process, which ends every wait here. */
    public Shutdown shutdown() {
        return shutdown;
    }

    private void worked(String outbound, Object request, Answer answer) {
        troubles = 0;
        suspects.remove(outbound);
        if (answer.kind() == Answer.Kind.ACCEPTED) {
            accepted.merge(outbound, 1L, Long::sum);
        }
        goOn(ACCOUNT, request);
        goOn(outbound, request);
    }

    private void wentWrong(String outbound, Object request, Answer answer) {
        if (answer.kind() == Answer.Kind.AMBIGUOUS_REFUSAL) {
            goOn(ACCOUNT, request);
        }
        boolean tried = endTrial(ACCOUNT, request) | endTrial(outbound, request);
        switch (answer.kind()) {
            case AMBIGUOUS_REFUSAL -> {
                troubles = 0;
                if (suspects.merge(outbound, 1, Integer::sum) >= IN_A_ROW || tried) {
                    openOutbound(outbound, answer.reason());
                }
            }
            case UNAUTHORIZED -> stop(OpenCircuit.Cause.CREDENTIALS, outbound, true, answer.reason());
            case RATE_LIMITED -> pause.limited(answer.retryAfter());
            case NOT_SENT ->
                stop(
                        OpenCircuit.Cause.UNREACHABLE,
                        outbound,
                        true,
                        "the API cannot be reached: " + answer.reason() + ".");
            case UNKNOWN -> {
                troubles++;
                if (troubles >= IN_A_ROW || tried) {
                    stop(
                            OpenCircuit.Cause.OUTAGE,
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

    /** Stops an outbound whose leads are refused for a reason that is not theirs. */
    public synchronized void openOutbound(String outbound, String reason) {
        CircuitBreaker line = stopped.get(outbound);
        boolean idIsRight = line != null && line.readable();
        stop(
                OpenCircuit.Cause.WRONG_OUTBOUND,
                outbound,
                false,
                "the API refuses every lead of outbound " + outbound + " (" + reason + "): "
                        + (idIsRight
                                ? "its id is right, so look at the outbound and the account on the platform."
                                : "check outbound." + outbound + ".id; it is the outbound's id, not the Pearl's."));
    }

    /** Lets an outbound go on whose refusals have turned out to be those leads' own, unless it was stopped again since. */
    public synchronized void closeIfAccepted(String outbound) {
        CircuitBreaker line = stopped.get(outbound);
        if (line != null && accepted(outbound) > line.acceptedBefore()) {
            stopped.remove(outbound);
            LOG.info("Sending of {} goes on: other leads of it are accepted", outbound);
        }
        notifyAll();
    }

    /**
     * Whether the refusal of a lead that was tried alone is its own: the outbound is not stopped, or a read has shown its id to be
     * right. The next lead may then be tried at once.
     */
    public synchronized boolean allowNextTrial(String outbound) {
        CircuitBreaker line = stopped.get(outbound);
        if (line == null) {
            return true;
        }
        if (line.readable()) {
            line.tryNext();
            notifyAll();
        }
        return line.readable();
    }

    private void stop(OpenCircuit.Cause cause, String outbound, boolean account, String reason) {
        Instant now = clock.instant();
        CircuitBreaker line = stopped.get(scope(outbound, account));
        OpenCircuit stop = new OpenCircuit(
                cause,
                outbound,
                account,
                reason,
                line == null ? now : line.stop().since());
        boolean news = line == null || line.stopAgain(stop, now, accepted(outbound));
        if (line == null) {
            stopped.put(scope(outbound, account), new CircuitBreaker(stop, accepted(outbound)));
        }
        if (news) {
            LOG.error(
                    "{} {} Sending waits and goes on by itself when it is mended.",
                    account ? "STOPPED." : "STOPPED for " + outbound + ".",
                    reason);
        }
    }

    private void goOn(String scope, Object request) {
        // An answer to a request that was on its way before the stop proves nothing about now.
        if (endTrial(scope, request)) {
            LOG.info("Sending goes on: {}", stopped.remove(scope).stop().reason());
        }
    }

    private boolean open(String scope) {
        CircuitBreaker line = stopped.get(scope);
        return !held.containsKey(scope) && (line == null || line.open());
    }

    private void beginTrial(String scope, Object request) {
        CircuitBreaker line = stopped.get(scope);
        if (line != null) {
            line.beginTrial(request);
        }
    }

    private boolean endTrial(String scope, Object request) {
        CircuitBreaker line = stopped.get(scope);
        return line != null && line.endTrial(request);
    }

    private static String scope(String outbound, boolean account) {
        return account ? ACCOUNT : outbound;
    }
}
