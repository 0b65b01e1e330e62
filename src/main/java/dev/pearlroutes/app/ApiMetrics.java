package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.nlpearl.Account;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/** Gauges of what is known of the API: the account, the pace, and whether each outbound may send. What is not known has no value. */
final class ApiMetrics {
    private final Account account;
    private final AdaptiveRate rate;
    private final CircuitBreakers breakers;

    ApiMetrics(ApiModule api) {
        this.account = api.account();
        this.rate = api.rate();
        this.breakers = api.breakers();
    }

    void bind(MeterRegistry registry, List<Outbound> outbounds) {
        Gauges.register(registry, "pearl.account.credit", "The account's balance", Tags.empty(), account::credit);
        Gauges.register(
                registry,
                "pearl.account.status",
                "The account's status by its code: 1 and 2 can call",
                Tags.empty(),
                account::status);
        Gauges.register(
                registry,
                "pearl.pace.allowed",
                "Requests a second that may go",
                Tags.empty(),
                () -> finite(rate.lastAllowed()));
        Gauges.register(
                registry,
                "pearl.pace.limit",
                "Requests a second that are known to be possible",
                Tags.empty(),
                () -> finite(rate.lastPerSecond()));
        for (Outbound outbound : outbounds) {
            Tags tags = Tags.of("outbound", outbound.name());
            Gauges.register(
                    registry,
                    "pearl.sending.stopped",
                    "1 while a circuit or the account holds back the leads of the outbound",
                    tags,
                    () -> stopped(outbound.name()) ? 1 : 0);
            Gauges.register(
                    registry,
                    "pearl.sending.paused",
                    "1 while a person has paused the outbound",
                    tags,
                    () -> breakers.holds().pausedOutbounds().contains(outbound.name()) ? 1 : 0);
        }
    }

    private boolean stopped(String outbound) {
        return !account.problems().isEmpty()
                || breakers.blocking().stream()
                        .anyMatch(circuit -> circuit.account() || outbound.equals(circuit.outbound()));
    }

    private static Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }
}
