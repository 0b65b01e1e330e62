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
 * The circuit breakers of sending, one for the account and one for each outbound. An open one rejects no lead: callers wait. Reads
 * probe it, at most 30 s apart; a good probe makes it half open, which allows one lead as a trial call. An accepted trial closes it.
 */
public final class CircuitBreakers {
    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreakers.class);

    /** Failures in a row, without an accepted lead between them, that open a circuit: fewer may be the leads' own. */
    static final int FAILURES_TO_OPEN = 5;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final String ACCOUNT = "";

    private final Clock clock;
    private final ThrottlePause pause;
    /** By scope; a closed breaker has no entry. */
    private final Map<String, CircuitBreaker> breakers = new HashMap<>();

    private final ForcedCircuits forced = new ForcedCircuits();
    private final AddLeadHolds holds = new AddLeadHolds(this::wake);
    private final Map<String, Integer> ambiguousInARow = new HashMap<>();
    private final Map<String, Long> accepted = new HashMap<>();
    private final Shutdown shutdown;
    private int unknownInARow;
    private boolean unpaid;

    /** @param rate learns from the answers that are taken in here */
    public CircuitBreakers(Clock clock, AdaptiveRate rate, Shutdown shutdown) {
        this.clock = clock;
        this.shutdown = shutdown;
        shutdown.onBegin(this::wake);
        this.pause = new ThrottlePause(clock, rate);
    }

    /** Takes in an answer of Add Lead. @param request as given to {@link #acquireTrial}, which tells a trial from a late answer */
    public synchronized void onAnswer(String outbound, Object request, Answer answer) {
        if (answer.kind() == Answer.Kind.HELD) {
            return;
        }
        if (answer.kind().withheld()) {
            // The API was not asked: the trial call passes to another lead.
            endTrial(ACCOUNT, request);
            endTrial(outbound, request);
            notifyAll();
            return;
        }
        if (answer.kind() != Answer.Kind.RATE_LIMITED) {
            pause.onAnswer();
        }
        if (answer.kind() == Answer.Kind.ACCEPTED || answer.kind() == Answer.Kind.REJECTED) {
            onSuccess(outbound, request, answer);
        } else {
            onFailure(outbound, request, answer);
        }
        notifyAll();
    }

    /** How many leads of the outbound were accepted in this run. */
    public synchronized long accepted(String outbound) {
        return accepted.getOrDefault(outbound, 0L);
    }

    /** Blocks until the outbound may send. @return false when the process shuts down instead */
    public synchronized boolean await(String outbound) throws InterruptedException {
        return await(outbound, () -> false, () -> false);
    }

    /**
     * Blocks until the outbound may send, or the caller need not wait any more; both are asked again at each {@link #wake}.
     *
     * @param over whether the caller need not wait any more
     * @param held whether what it sends is held although the circuits are closed
     */
    public synchronized boolean await(String outbound, BooleanSupplier over, BooleanSupplier held)
            throws InterruptedException {
        while (!shutdown.requested()) {
            if (over.getAsBoolean()) {
                return true;
            } else if (pause.isOn()) {
                waitOutPause();
            } else if (allows(ACCOUNT) && allows(outbound) && !held.getAsBoolean()) {
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

    /** @throws NotSentException when the API has asked for a pause, or the process shuts down */
    public synchronized void checkPause() {
        checkRunning();
        if (pause.isOn()) {
            throw new NotSentException("paused by the API");
        }
    }

    /** @throws NotSentException when the outbound may not send now */
    public synchronized void check(String outbound) {
        checkPause();
        if (!allows(ACCOUNT) || !allows(outbound)) {
            throw new NotSentException("the circuit is open");
        }
    }

    /** Lets one lead through, as the trial call of a half open circuit. @throws NotSentException when it may not be sent */
    public synchronized void acquireTrial(String outbound, Object request) {
        check(outbound);
        beginTrial(ACCOUNT, request);
        beginTrial(outbound, request);
    }

    /** Blocks during a pause that the API has asked for; for requests other than Add Lead. */
    public synchronized void awaitPause() throws InterruptedException {
        while (!shutdown.requested() && pause.isOn()) {
            waitOutPause();
        }
        checkRunning();
    }

    private void waitOutPause() throws InterruptedException {
        // Rounded up: waking some microseconds too early would be busy waiting.
        wait(pause.remaining().toMillis() + 1);
    }

    /** Takes in the answer to any request but Add Lead. @param retryAfter of a 429; null when it did not say */
    public synchronized void onReadAnswer(int status, Duration retryAfter) {
        if (status == TOO_MANY_REQUESTS) {
            pause.onRateLimited(retryAfter);
        } else {
            pause.onAnswer();
        }
    }

    /** Makes all who wait check again whether they have to. */
    public synchronized void wake() {
        notifyAll();
    }

    /** Whether a probe has confirmed the id of an outbound whose circuit opened for doubts about it. */
    public synchronized boolean idConfirmed(String outbound) {
        CircuitBreaker breaker = breakers.get(outbound);
        return breaker != null && breaker.idConfirmed();
    }

    /** Whether the outbound may send now. */
    public synchronized boolean maySend(String outbound) {
        return !shutdown.requested() && !pause.isOn() && allows(ACCOUNT) && allows(outbound);
    }

    /** The circuits that are not closed now, for health and for people. */
    synchronized List<OpenCircuit> openCircuits() {
        return Stream.concat(forced.all().stream(), breakers.values().stream().map(CircuitBreaker::circuit))
                .toList();
    }

    /** The circuits that hold leads back: those that are not closed, less the half open ones with no trial under way. */
    public synchronized List<OpenCircuit> blocking() {
        return Stream.concat(
                        forced.all().stream(),
                        breakers.values().stream()
                                .filter(breaker -> !breaker.allowsTrial())
                                .map(CircuitBreaker::circuit))
                .toList();
    }

    /** Forces a circuit open until {@link #clearForced}; no probe closes it. @param outbound null for the account */
    public synchronized void forceOpen(String outbound, String reason) {
        forced.open(scope(outbound, outbound == null), outbound, reason, clock.instant());
    }

    /** Takes back {@link #forceOpen}. @param outbound null for the account */
    public synchronized void clearForced(String outbound) {
        if (forced.clear(scope(outbound, outbound == null))) {
            notifyAll();
        }
    }

    /** The open circuits to be probed now. To be listed counts as the probe. */
    public synchronized List<OpenCircuit> takeProbes() {
        if (shutdown.requested()) {
            return List.of();
        }
        Instant now = clock.instant();
        return breakers.values().stream()
                .filter(breaker -> breaker.takeProbe(now))
                .map(CircuitBreaker::circuit)
                .toList();
    }

    /** Takes in the answer to a probe. @param status 0 when none came @param retryAfter of a 429; null when it did not say */
    public synchronized void onProbe(OpenCircuit circuit, int status, Duration retryAfter) {
        if (status > 0) {
            onReadAnswer(status, retryAfter);
        }
        CircuitBreaker breaker = breakers.get(scope(circuit.outbound(), circuit.account()));
        if (breaker != null && breaker.onProbe(circuit, status)) {
            notifyAll();
        }
    }

    /** What holds Add Lead alone; every change of it wakes all who wait here. */
    public AddLeadHolds holds() {
        return holds;
    }

    /** Whether a lead was refused for the account's credit since this was asked last. */
    synchronized boolean takeUnpaid() {
        boolean before = unpaid;
        unpaid = false;
        return before;
    }

    /** The shutdown of the process, which ends every wait here. */
    public Shutdown shutdown() {
        return shutdown;
    }

    private void onSuccess(String outbound, Object request, Answer answer) {
        unknownInARow = 0;
        ambiguousInARow.remove(outbound);
        if (answer.kind() == Answer.Kind.ACCEPTED) {
            accepted.merge(outbound, 1L, Long::sum);
        }
        closeAfterTrial(ACCOUNT, request);
        closeAfterTrial(outbound, request);
    }

    private void onFailure(String outbound, Object request, Answer answer) {
        if (answer.kind() == Answer.Kind.AMBIGUOUS_REFUSAL) {
            closeAfterTrial(ACCOUNT, request);
        }
        boolean wasTrial = endTrial(ACCOUNT, request) | endTrial(outbound, request);
        unpaid |= answer.unpaid();
        switch (answer.kind()) {
            case AMBIGUOUS_REFUSAL -> {
                unknownInARow = 0;
                if (ambiguousInARow.merge(outbound, 1, Integer::sum) >= FAILURES_TO_OPEN || wasTrial) {
                    openOutbound(outbound, answer.reason());
                }
            }
            case UNAUTHORIZED -> open(OpenCircuit.Cause.CREDENTIALS, outbound, true, answer.reason());
            case RATE_LIMITED -> pause.onRateLimited(answer.retryAfter());
            case NOT_SENT ->
                open(
                        OpenCircuit.Cause.UNREACHABLE,
                        outbound,
                        true,
                        "the API cannot be reached: " + answer.reason() + ".");
            case UNKNOWN -> {
                unknownInARow++;
                if (unknownInARow >= FAILURES_TO_OPEN || wasTrial) {
                    open(
                            OpenCircuit.Cause.OUTAGE,
                            outbound,
                            true,
                            "the API does not answer as it should: " + answer.reason() + ".");
                }
            }
            default -> {
                // The API was not asked, so nothing was learned.
            }
        }
    }

    /** Opens the circuit of an outbound whose leads are refused for a reason that is not their own. */
    public synchronized void openOutbound(String outbound, String reason) {
        open(
                OpenCircuit.Cause.WRONG_OUTBOUND,
                outbound,
                false,
                "the API refuses every lead of outbound " + outbound + " (" + reason + "): "
                        + (idConfirmed(outbound)
                                ? "its id is right, so look at the outbound and the account on the platform."
                                : "check outbound." + outbound + ".id; it is the outbound's id, not the Pearl's."));
    }

    /** Closes the circuit if a lead was accepted since it opened: the refusals were the leads' own. */
    public synchronized void closeIfAccepted(String outbound) {
        CircuitBreaker breaker = breakers.get(outbound);
        if (breaker != null && accepted(outbound) > breaker.acceptedBefore()) {
            breakers.remove(outbound);
            LOG.info("Sending for {} resumes: other leads of it are accepted", outbound);
        }
        notifyAll();
    }

    /**
     * Allows the next trial call after a lead that was tried alone was refused, if the circuit is open and a probe has confirmed the
     * outbound's id.
     *
     * @return whether the refusal is the lead's own: the circuit is closed, or the id is confirmed
     */
    public synchronized boolean allowNextTrial(String outbound) {
        CircuitBreaker breaker = breakers.get(outbound);
        if (breaker == null) {
            return true;
        }
        if (breaker.idConfirmed()) {
            breaker.allowNextTrial();
            notifyAll();
        }
        return breaker.idConfirmed();
    }

    private void open(OpenCircuit.Cause cause, String outbound, boolean account, String reason) {
        Instant now = clock.instant();
        CircuitBreaker breaker = breakers.get(scope(outbound, account));
        OpenCircuit circuit = new OpenCircuit(
                cause,
                outbound,
                account,
                reason,
                breaker == null ? now : breaker.circuit().since());
        boolean newReason = breaker == null || breaker.reopen(circuit, now, accepted(outbound));
        if (breaker == null) {
            breakers.put(scope(outbound, account), new CircuitBreaker(circuit, accepted(outbound)));
        }
        if (newReason) {
            LOG.error(
                    "{} {} Sending waits and resumes by itself once this is fixed.",
                    account ? "STOPPED." : "STOPPED for " + outbound + ".",
                    reason);
        }
    }

    private void closeAfterTrial(String scope, Object request) {
        // The answer to a request that left before the circuit opened proves nothing about now.
        if (endTrial(scope, request)) {
            LOG.info(
                    "Sending resumes. This is over: {}",
                    breakers.remove(scope).circuit().reason());
        }
    }

    /** Whether the scope lets a lead through: its circuit is closed, or half open with no trial under way. */
    private boolean allows(String scope) {
        CircuitBreaker breaker = breakers.get(scope);
        return !forced.contains(scope) && (breaker == null || breaker.allowsTrial());
    }

    private void beginTrial(String scope, Object request) {
        CircuitBreaker breaker = breakers.get(scope);
        if (breaker != null) {
            breaker.beginTrial(request);
        }
    }

    private boolean endTrial(String scope, Object request) {
        CircuitBreaker breaker = breakers.get(scope);
        return breaker != null && breaker.endTrial(request);
    }

    private static String scope(String outbound, boolean account) {
        return account ? ACCOUNT : outbound;
    }
}
