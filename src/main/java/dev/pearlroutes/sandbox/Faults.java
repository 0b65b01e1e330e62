package dev.pearlroutes.sandbox;

import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The rules by which requests fail. They are asked in the order in which they were made, and the first that strikes has the request;
 * requests refused for their token (401) or the rate limit (429) don't reach them. An operation of null means any.
 */
public final class Faults {
    private final InstantSource clock;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> hanging = new ConcurrentLinkedQueue<>();
    private volatile RateLimit rateLimit;

    Faults(InstantSource clock) {
        this.clock = clock;
    }

    /** For {@link #next} and the like: requests about this lead. */
    public static Predicate<SandboxRequest> externalId(String externalId) {
        return request -> externalId.equals(request.externalId());
    }

    /** Strikes the next n matching requests. */
    public Rule next(int n, Operation operation, Fault fault) {
        return next(n, operation, request -> true, fault);
    }

    public Rule next(int n, Operation operation, Predicate<SandboxRequest> when, Fault fault) {
        return add(operation, when, fault, nth -> nth <= n);
    }

    /** Strikes the n-th, 2n-th, … matching request. */
    public Rule every(int n, Operation operation, Fault fault) {
        return every(n, operation, request -> true, fault);
    }

    public Rule every(int n, Operation operation, Predicate<SandboxRequest> when, Fault fault) {
        return add(operation, when, fault, nth -> nth % n == 0);
    }

    /** Strikes each matching request until {@link #clear()}. */
    public Rule always(Operation operation, Fault fault) {
        return always(operation, request -> true, fault);
    }

    public Rule always(Operation operation, Predicate<SandboxRequest> when, Fault fault) {
        return add(operation, when, fault, nth -> true);
    }

    private Rule add(Operation operation, Predicate<SandboxRequest> when, Fault fault, Predicate<Integer> strikes) {
        Rule rule = new Rule(operation, when, fault, strikes);
        rules.add(rule);
        return rule;
    }

    /** Limits all operations together; time is the sandbox's clock. */
    public void rateLimit(double perSecond, int burst, RateLimit.RetryAfter style) {
        rateLimit = new RateLimit(perSecond, burst, style, clock);
    }

    /** Requests that hang now. */
    public int hanging() {
        return hanging.size();
    }

    /** Gives the requests that hang now their true answers. */
    public void release() {
        for (Runnable answer = hanging.poll(); answer != null; answer = hanging.poll()) {
            answer.run();
        }
    }

    /** Forgets rules and rate limit; what hangs keeps hanging. */
    public void clear() {
        rules.clear();
        rateLimit = null;
    }

    void hold(Runnable answer) {
        hanging.add(answer);
    }

    void forgetHanging() {
        hanging.clear();
    }

    Answer refusal() {
        RateLimit limit = rateLimit;
        return limit == null ? null : limit.refusal();
    }

    Fault strike(SandboxRequest request) {
        for (Rule rule : rules) {
            if (rule.strikes(request)) {
                return rule.fault;
            }
        }
        return null;
    }

    /** One rule, to ask how often it struck. */
    public static final class Rule {
        private final Operation operation;
        private final Predicate<SandboxRequest> when;
        private final Fault fault;
        private final Predicate<Integer> strikes;
        private final AtomicInteger matched = new AtomicInteger();
        private final AtomicInteger struck = new AtomicInteger();

        Rule(Operation operation, Predicate<SandboxRequest> when, Fault fault, Predicate<Integer> strikes) {
            this.operation = operation;
            this.when = when;
            this.fault = fault;
            this.strikes = strikes;
        }

        boolean strikes(SandboxRequest request) {
            boolean hit = (operation == null || operation == request.operation())
                    && when.test(request)
                    && strikes.test(matched.incrementAndGet());
            if (hit) {
                struck.incrementAndGet();
            }
            return hit;
        }

        public int struck() {
            return struck.get();
        }
    }
}
