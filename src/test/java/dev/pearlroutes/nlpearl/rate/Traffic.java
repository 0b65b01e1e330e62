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
 * The pace against a server that limits, in simulated time: 32 requests in flight at the most, each answered after 50 ms, and
 * always more to send, as fast as the pace allows unless told otherwise. No thread and no wall clock, so the same course gives the same
 * figures on any machine.
 */
public final class Traffic {
    private static final double LATENCY = 0.05;
    private static final int MOST_IN_FLIGHT = 32;

    /** A request on its way, answered at a time. */
    private record OnTheWay(double answeredAt, Answer answer) {}

    private final TestClock clock = new TestClock();
    private final Instant start = clock.instant();
    private final AdaptiveRate rate;
    private final CircuitBreakers breakers;
    private final RequestThrottle pace;
    private final boolean saysWhen;
    private final Deque<OnTheWay> onTheWay = new ArrayDeque<>();
    /** Requests taken in each tenth of a second. */
    private final int[] taken = new int[100_000];

    private final int[] refused = new int[100_000];
    private double firstRefusal = -1;
    private double place;
    /** Seconds that the client takes for a request. */
    private double each;

    private boolean booked;

    /** @param saysWhen whether a 429 has a Retry-After, in whole seconds */
    public Traffic(int ceiling, boolean saysWhen) {
        this.rate = new AdaptiveRate(ceiling, clock);
        this.breakers = new CircuitBreakers(clock, rate, new Shutdown(clock));
        this.pace = new RequestThrottle(breakers, rate, new TimeMeter() {
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

    /** From now on the client itself sends no more than so many a second. */
    Traffic atMost(double perSecond) {
        each = 1 / perSecond;
        return this;
    }

    /** The client is held up for so long. @return how many requests may go at once then */
    public int heldUp(double seconds) {
        advance(seconds);
        int atOnce = 0;
        while (pace.reserve() == 0) {
            atOnce++;
        }
        return atOnce;
    }

    /** Sends for so many seconds. */
    public Traffic send(RateLimits.RateLimit limit, double seconds) {
        double end = now() + seconds;

        while (now() < end) {
            if (!onTheWay.isEmpty() && onTheWay.getFirst().answeredAt() <= now()) {
                breakers.onAnswer("acme", "", onTheWay.removeFirst().answer());
            } else if (!breakers.maySend("acme") || onTheWay.size() == MOST_IN_FLIGHT) {
                booked = false;
                advance(
                        onTheWay.isEmpty()
                                ? 0.01
                                : Math.max(
                                        1e-6, Math.min(0.01, onTheWay.getFirst().answeredAt() - now())));
            } else if (!booked) {
                place = now() + Math.max(each, pace.reserve() / 1e9);
                booked = true;
            } else if (place > now()) {
                advance(Math.max(
                        1e-6,
                        Math.min(
                                        place,
                                        onTheWay.isEmpty()
                                                ? place
                                                : onTheWay.getFirst().answeredAt())
                                - now()));
            } else {
                onTheWay.addLast(new OnTheWay(now() + LATENCY, answer(limit, now() + LATENCY / 2)));
                booked = false;
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

    /** What learns from it. */
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
