package dev.pearlroutes.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The keys and variables that no known name matches; reported, since a misspelt key that is ignored in silence costs days. */
final class UnknownKeys {
    private static final Set<String> FAMILIES =
            Set.of("outbound", "nlpearl", "leads", "ledger", "jms", "http", "files", "data", "results");
    private static final List<String> VARIABLES = List.of("NLPEARL_", "OUTBOUND_", "LEADS_", "LEDGER_", "RESULTS_");

    private UnknownKeys() {}

    static void check(PropertiesFile file, Problems problems) {
        file.entries().forEach((key, line) -> {
            if (!key.startsWith("camel.")
                    && !Keys.isGlobal(key)
                    && OutboundNames.of(key).isEmpty()) {
                problems.add(
                        line.number(),
                        display(key) + ", " + file.path() + " line " + line.number() + ": unknown key; " + fix(key));
            }
        });
    }

    private static String fix(String key) {
        if (!isShown(key)) {
            return "it resembles none; write key=value, or delete the line";
        }
        String nearest = Nearest.of(key, candidates(key));
        return "the nearest right name is " + nearest + " (environment variable " + Key.environmentName(nearest) + ")";
    }

    /** Returns the key, unless it may be a secret that stands on a line of its own. */
    static String display(String key) {
        return isShown(key) ? key : "A key that isn't shown, as it may be a secret";
    }

    private static boolean isShown(String key) {
        return key.startsWith("camel.")
                || FAMILIES.contains(family(key))
                || Nearest.distance(key, Nearest.of(key, candidates(key))) <= 3;
    }

    private static String family(String key) {
        return key.contains(".") ? key.substring(0, key.indexOf('.')) : "";
    }

    /** Lists every known key; those of an outbound once for each name that can be read out of the key. */
    private static Collection<String> candidates(String key) {
        List<String> names = new ArrayList<>(List.of("<name>"));
        int first = key.indexOf('.') + 1;
        for (int dot = key.indexOf('.', first); first > 0 && dot > 0; dot = key.indexOf('.', dot + 1)) {
            names.add(key.substring(first, dot));
        }
        return names.stream()
                .flatMap(name -> Keys.ALL.stream().map(row -> row.in(name)))
                .distinct()
                .toList();
    }

    /** Warns of each variable that looks like one of this program and sets no key; it may belong to another program, so it is no error. */
    static List<String> warnings(Map<String, String> environment, Collection<String> outbounds) {
        Set<String> known = new TreeSet<>();
        Stream.concat(outbounds.stream(), Stream.of("<name>"))
                .forEach(name -> Keys.ALL.forEach(key -> known.add(Key.environmentName(key.in(name)))));
        return new TreeSet<>(environment.keySet())
                .stream()
                        .filter(variable ->
                                VARIABLES.stream().anyMatch(variable::startsWith) && !known.contains(variable))
                        .map(variable -> "The environment variable " + variable
                                + " sets no key and is ignored; the nearest one that does is "
                                + Nearest.of(variable, known)
                                + (variable.startsWith("OUTBOUND_")
                                        ? "; an outbound of the environment alone needs its OUTBOUND_<NAME>_ID"
                                        : ""))
                        .toList();
    }
}
