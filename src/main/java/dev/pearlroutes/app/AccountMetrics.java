package dev.pearlroutes.app;

import dev.pearlroutes.nlpearl.Account;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Gauges of the account; without a value before it is known, and where the API does not tell it. */
final class AccountMetrics {
    private final Account account;

    AccountMetrics(Account account) {
        this.account = account;
    }

    void bind(MeterRegistry registry) {
        Gauge.builder("pearl.account.credit", () -> value(account.credit()))
                .description("The account's balance")
                .register(registry);
        Gauge.builder("pearl.account.status", () -> value(account.status()))
                .description("The account's status by its code: 1 and 2 can call")
                .register(registry);
    }

    private static double value(Number known) {
        return known == null ? Double.NaN : known.doubleValue();
    }
}
