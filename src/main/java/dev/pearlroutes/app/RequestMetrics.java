package dev.pearlroutes.app;

import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.RequestWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counters of requests to the API by operation and class of answer, and how long the answers took. */
final class RequestMetrics implements RequestWatch.Listener {
    /** Bounds of the histogram, in seconds. */
    private static final double[] BOUNDS = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

    private static final String TOO_MANY = "429";
    private static final String NONE = "none";
    private static final List<String> ANSWERS = List.of("2xx", "3xx", "4xx", TOO_MANY, "5xx", NONE);

    private final Map<String, Map<String, Counter>> counts;
    private final Map<String, DistributionSummary> times;

    RequestMetrics(MeterRegistry registry, RequestWatch requests) {
        this.counts = ApiPaths.OPERATIONS.stream()
                .collect(Collectors.toUnmodifiableMap(Function.identity(), operation -> counters(registry, operation)));
        this.times = ApiPaths.OPERATIONS.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        operation -> DistributionSummary.builder("pearl.request.seconds")
                                .description("Time from the beginning of a request to that of its answer, or its loss")
                                .tag("operation", operation)
                                .serviceLevelObjectives(BOUNDS)
                                .register(registry)));
        requests.tell(this);
    }

    private static Map<String, Counter> counters(MeterRegistry registry, String operation) {
        return ANSWERS.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        answer -> Counter.builder("pearl.requests.total")
                                .description("Requests to the API by class of answer")
                                .tags("operation", operation, "answer", answer)
                                .register(registry)));
    }

    @Override
    public void onRequest(String operation, int status, Duration time) {
        counts.get(operation).get(answer(status)).increment();
        times.get(operation).record(time.toNanos() / 1e9);
    }

    private static String answer(int status) {
        String answer = status == 429 ? TOO_MANY : status / 100 + "xx";
        return ANSWERS.contains(answer) ? answer : NONE;
    }
}
