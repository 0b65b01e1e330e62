package dev.pearlroutes.routes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The metrics of one scrape, as a Prometheus reads them. */
record Scrape(List<Sample> samples) {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\",?");

    /** One time series. */
    record Sample(String metric, Map<String, String> labels, double value) {
        boolean isSeries(Sample other) {
            return metric.equals(other.metric) && labels.equals(other.labels);
        }
    }

    static Scrape of(String text) {
        return new Scrape(text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(Scrape::sample)
                .toList());
    }

    private static Sample sample(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no sample: " + line);
        }
        return new Sample(
                matcher.group(1),
                labels(matcher.group(2)),
                Double.parseDouble(matcher.group(3).replace("+Inf", "Infinity").replace("-Inf", "-Infinity")));
    }

    static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher matcher = LABEL.matcher(text == null ? "" : text);
        while (matcher.find()) {
            labels.put(matcher.group(1), matcher.group(2));
        }
        return new TreeMap<>(labels);
    }

    Set<String> metrics() {
        return samples.stream().map(Sample::metric).collect(Collectors.toSet());
    }

    /** The value that a series has; 0 where it is not there. */
    double value(Sample series) {
        return samples.stream()
                .filter(series::isSeries)
                .mapToDouble(Sample::value)
                .findFirst()
                .orElse(0);
    }

    List<Sample> matching(String metric, Map<String, String> labels) {
        return samples.stream()
                .filter(sample -> sample.metric().equals(metric))
                .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }
}
