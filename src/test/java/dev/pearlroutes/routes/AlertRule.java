package dev.pearlroutes.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A rule of the shipped file, whose condition is evaluated as a Prometheus would. How long it has to last is a matter of Prometheus
 * alone. It knows the forms that the file says it has, and no other.
 */
record AlertRule(String name, Set<String> members, String expression, String lasting, Map<String, String> texts) {
    static final Path FILE = Path.of("src/deploy/monitoring/alerts.yaml");

    private static final Pattern FORM = Pattern.compile(
            "(?<increase>increase\\()?(?<metric>[a-z_]+)(?:\\{(?<labels>[^}]*)})?(?:\\[(?<span>\\d+[smhd])]\\))?"
                    + " (?<op>==|>|<) (?<number>-?[\\d.]+)");

    static List<AlertRule> read() throws IOException {
        return new YAMLMapper()
                .readTree(FILE.toFile()).path("groups").findValues("rules").stream()
                        .flatMap(JsonNode::valueStream)
                        .map(AlertRule::of)
                        .toList();
    }

    private static AlertRule of(JsonNode rule) {
        return new AlertRule(
                rule.path("alert").asText(),
                rule.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet()),
                rule.path("expr").asText(),
                rule.path("for").asText("0s"),
                rule.path("annotations")
                        .propertyStream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, text -> text.getValue().asText())));
    }

    String metric() {
        return form().group("metric");
    }

    /** The series for which the condition is true. @param before a scrape of the time before which an increase does not count */
    List<Scrape.Sample> firing(Scrape before, Scrape now) {
        Matcher form = form();
        boolean increase = form.group("increase") != null;
        double number = Double.parseDouble(form.group("number"));
        return now.matching(form.group("metric"), Scrape.labels(form.group("labels"))).stream()
                .filter(sample -> {
                    double value = sample.value() - (increase ? before.value(sample) : 0);
                    return switch (form.group("op")) {
                        case "==" -> value == number;
                        case ">" -> value > number;
                        default -> value < number;
                    };
                })
                .toList();
    }

    private Matcher form() {
        Matcher form = FORM.matcher(expression);
        if (!form.matches() || (form.group("increase") == null) != (form.group("span") == null)) {
            throw new IllegalArgumentException(name + ": this form is not known: " + expression);
        }
        return form;
    }
}
