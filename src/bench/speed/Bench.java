package speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Measures the packaged program and prints a table of the medians. {@code src/bench/bench.sh} compiles and starts it. */
public final class Bench {
    private final Options options;

    private Bench(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        try {
            Options options = Options.of(args);
            try (Lab lab = new Lab(options)) {
                new Bench(options).run(chosen(new Rows(lab, options).all(), options.rows()));
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static List<Row> chosen(List<Row> all, List<String> names) {
        Set<String> known = all.stream().map(Row::name).collect(Collectors.toSet());
        if (!known.containsAll(names)) {
            throw new IllegalArgumentException("rows are " + known + ", not " + names);
        }
        return all.stream()
                .filter(row -> names.isEmpty() || names.contains(row.name()))
                .toList();
    }

    /** The rows take turns, so that a change of the machine's mood falls on all of them. */
    private void run(List<Row> rows) throws Exception {
        System.out.println(Machine.facts(options.java()));
        Map<Row, List<Map<String, Double>>> results = new LinkedHashMap<>();
        for (int run = 1; run <= options.runs(); run++) {
            for (Row row : rows) {
                Map<String, Double> figures = row.measurement().run();
                results.computeIfAbsent(row, any -> new ArrayList<>()).add(figures);
                System.out.println("run " + run + " of " + row.name() + ": " + text(figures));
            }
        }
        System.out.printf("%nMedians of %d runs%n", options.runs());
        results.forEach(Bench::print);
    }

    private static void print(Row row, List<Map<String, Double>> runs) {
        Map<String, Double> medians = new LinkedHashMap<>();
        runs.get(0).keySet().forEach(figure -> medians.put(figure, median(runs, figure)));
        System.out.printf("%n%s: %s%n  %s%n", row.name(), row.what(), text(medians));
        for (Row.Target target : row.targets()) {
            System.out.printf("  %s: %s%n", target, target.reachedBy(medians.get(target.figure())) ? "reached" : "MISSED");
        }
    }

    private static double median(List<Map<String, Double>> runs, String figure) {
        double[] sorted = runs.stream().mapToDouble(run -> run.get(figure)).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static String text(Map<String, Double> figures) {
        return figures.entrySet().stream()
                .map(figure -> figure.getKey() + " " + number(figure.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }
}
