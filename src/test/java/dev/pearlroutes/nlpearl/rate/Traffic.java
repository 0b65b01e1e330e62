package dev.pearlroutes.nlpearl.rate;

import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.RequestThrottle;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.nlpearl.TestClock;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The throttle against a server that limits, in simulated time: at most 32 requests in flight, each answered after 50 ms, and
 * always more to send, as fast as the throttle allows. Without threads and a wall clock the figures are the same on any machine.
 */
public final class Traffic {
    private static final double LATENCY = 0.05;
    private static final int MAX_IN_FLIGHT = 32;

    /** A request in flight and when it is answered. */
    private record InFlight(double answeredAt, Answer answer) {}

    private final TestClock clock = new TestClock();
    private final Instant start = clock.instant();
    private final AdaptiveRate rate;
    private final CircuitBreakers breakers;
    private final RequestThrottle throttle;
    private final boolean saysWhen;
    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    /** Requests taken in each tenth of a second. */
    private final int[] taken = new int[100_000];

    private final int[] refused = new int[100_000];
    private double firstRefusal = -1;
    private double sendAt;
    /** Seconds that the client takes for a request. */
    private double each;

    private boolean reserved;

    /** @param saysWhen whether a 429 has a Retry-After, in whole seconds */
    public Traffic(int ceiling, boolean saysWhen) {
        this.rate = new AdaptiveRate(ceiling, clock);
        this.breakers = new CircuitBreakers(clock, rate, new Shutdown(clock));
        this.throttle = new RequestThrottle(breakers, rate, new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return Math.round(seconds() * 1e9);
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        });
        this.saysWhen = saysWhen;
    }

    /** Limits the requests a second that the client itself sends from now on. */
    Traffic atMost(double perSecond) {
        each = 1 / perSecond;
        return this;
    }

    /** Holds the client up for some seconds. @return how many requests may go at once then */
    public int heldUp(double seconds) {
        advance(seconds);
        int atOnce = 0;
        while (throttle.reserve() == 0) {
            atOnce++;
        }
        return atOnce;
    }

    /** Sends for some seconds. */
    public Traffic send(RateLimits.RateLimit limit, double seconds) {
        double end = now() + seconds;

        while (now() < end) {
            if (!inFlight.isEmpty() && inFlight.getFirst().answeredAt() <= now()) {
                breakers.onAnswer("acme", "", inFlight.removeFirst().answer());
            } else if (!breakers.maySend("acme") || inFlight.size() == MAX_IN_FLIGHT) {
                reserved = false;
                advance(
                        inFlight.isEmpty()
                                ? 0.01
                                : Math.max(
                                        1e-6, Math.min(0.01, inFlight.getFirst().answeredAt() - now())));
            } else if (!reserved) {
                sendAt = now() + Math.max(each, throttle.reserve() / 1e9);
                reserved = true;
            } else if (sendAt > now()) {
                advance(Math.max(
                        1e-6,
                        Math.min(
                                        sendAt,
                                        inFlight.isEmpty()
                                                ? sendAt
                                                : inFlight.getFirst().answeredAt())
                                - now()));
            } else {
                inFlight.addLast(new InFlight(now() + LATENCY, answer(limit, now() + LATENCY / 2)));
                reserved = false;
            }
        }
        return this;
    }

    private Answer answer(RateLimits.RateLimit limit, double at) {
        if (limit.takes(at)) {
            taken[(int) (at * 10)]++;
            return Answer.accepted("lead");
        }
        refused[(int) (at * 10)]++;
        firstRefusal = firstRefusal < 0 ? at : firstRefusal;
        long wait = (long) Math.max(1, Math.ceil(limit.retryAfter(at)));
        return Answer.rateLimited("429", saysWhen ? Duration.ofSeconds(wait) : null);
    }

    /** The rate under test. */
    public AdaptiveRate rate() {
        return rate;
    }

    /** Seconds since the beginning. */
    double now() {
        return seconds();
    }

    /** When the server refused for the first time. */
    double firstRefusal() {
        return firstRefusal;
    }

    /** Requests a second that were taken from one time to another. */
    public double taken(double from, double to) {
        return sum(taken, from, to) / (to - from);
    }

    /** Share of the requests that were refused from one time to another. */
    public double refused(double from, double to) {
        double refusals = sum(refused, from, to);
        return refusals / (refusals + sum(taken, from, to));
    }

    private static double sum(int[] tenths, double from, double to) {
        double sum = 0;
        for (int i = (int) (from * 10); i < (int) (to * 10); i++) {
            sum += tenths[i];
        }
        return sum;
    }

    private void advance(double seconds) {
        clock.advance(Duration.ofNanos(Math.round(seconds * 1e9)));
    }

    private double seconds() {
        return Duration.between(start, clock.instant()).toNanos() / 1e9;
    }
}
