package dev.pearlroutes.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/** The maker of gauges. */
final class Gauges {
    private Gauges() {}

    /** @param value answers with null while it is not known: the gauge has no value then */
    static void register(
            MeterRegistry registry, String name, String description, Tags tags, Supplier<? extends Number> value) {
        Gauge.builder(name, () -> {
                    Number known = value.get();
                    return known == null ? Double.NaN : known.doubleValue();
                })
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
