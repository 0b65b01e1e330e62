package dev.pearlroutes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.app.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped routes keep the habits, and each rule is shown to fire on a sample that breaks it. */
class BundleLintTest {

    @Test
    void theShippedRoutesKeepTheHabits(@TempDir Path home) throws IOException {
        Map<String, String> routes = texts(Path.of("routes"), ".camel.yaml");
        Map<String, String> configuration = texts(Path.of("src/deploy/config"), ".properties");
        String camel = Files.readString(Path.of("src/main/resources/dev/pearlroutes/app/camel.properties"));
        assertThat(routes).hasSizeGreaterThan(8);
        assertThat(configuration).isNotEmpty();

        Bundle.inspect(home, (beans, properties) -> {
            assertThat(beans).containsKeys("callSearch", "fileSink");
            assertThat(properties).contains("nlpearl.base-url");
            assertThat(new BundleLint(routes, camel, configuration, beans, properties).complaints())
                    .isEmpty();
        });
    }

    private static Map<String, String> texts(Path folder, String ending) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (var files = Files.walk(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(ending)).toList()) {
                texts.put(file.toString(), Files.readString(file));
            }
        }
        return texts;
    }

    // --- the sample: sound as it is, broken by replacing a piece of it ---

    private static final String ERRORS = """
            - routeConfiguration:
                id: tick-errors
                description: What runs again waits for its turn.
                onException:
                  - onException:
                      exception:
                        - java.io.IOException
                      steps:
                        - bean:
                            ref: text
                            method: trim
                        - setBody:
                            simple:
                              expression: ${variable.tick.text}
                  - onException:
                      exception:
                        - java.lang.Exception
            """;
    private static final String SOURCE = """
            - routeTemplate:
                id: tick-source
                description: Sends a tick; one instance a name.
                parameters:
                  - name: name
                    description: of the instance
                route:
                  description: Sends one tick.
                  routeConfigurationId: tick-errors
                  routePolicy: leader
                  from:
                    uri: scheduler
                    parameters:
                      name: "{{name}}"
                      filter: "#bean:text"
                    steps:
                      - setBody:
                          simple:
                            expression: ${date:now}
                      - setVariable:
                          name: tick
                          simple:
                            expression: ${body}
                      - split:
                          method:
                            ref: text
                            method: lines
                          executorService: pool
                          aggregationStrategy: "#class:org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy"
                          steps:
                            - to:
                                uri: direct
                                parameters:
                                  name: send-tick
            """;
    private static final String SEND = """
            - route:
                id: send-tick
                description: Sends a tick out.
                note: "in: the tick; variables: place, where it goes; out: the answer"
                errorHandler:
                  noErrorHandler: {}
                from:
                  uri: direct
                  parameters:
                    name: send-tick
                  steps:
                    - bean:
                        ref: text
                        method: replace('a', ${variable.place})
                    - bean:
                        ref: requestThrottle
                        method: await
                    - to:
                        id: put-tick
                        uri: "{{base-url}}"
                        parameters:
                          httpMethod: PUT
                    - to:
                        id: post-tick
                        uri: "{{base-url}}"
                        parameters:
                          httpMethod: POST
            """;
    private static final String CAMEL = """
            camel.component.http.connectTimeout={{timeout}}
            camel.component.https.connectTimeout={{timeout}}
            camel.threadpool.config[pool].poolSize=1
            """;
    private static final String CONFIG = """
            # A secret: better left blank.
            #api.token=
            api.timeout=5s
            """;

    private static List<String> lint(String broken, String by) {
        return new BundleLint(
                        Map.of(
                                "routes/errors.camel.yaml", ERRORS.replace(broken, by),
                                "routes/tick-source.camel.yaml", SOURCE.replace(broken, by),
                                "routes/send-tick.camel.yaml", SEND.replace(broken, by)),
                        CAMEL.replace(broken, by),
                        Map.of("config/application.properties", CONFIG.replace(broken, by)),
                        Map.of("text", "a bean", "requestThrottle", new Object() {
                            @SuppressWarnings("unused") // by reflection
                            public void await() {}
                        }),
                        Set.of("base-url", "timeout"))
                .complaints();
    }

    @Test
    void theSampleIsSound() {
        assertThat(lint("nothing of it", "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // replaced | by | file and key | fix
                "id: send-tick | id: sendtick | send-tick.camel.yaml: route.id | name it send-tick",
                "id: tick-source | id: x-source | tick-source.camel.yaml: routeTemplate.id | name it tick-source",
                "Sends a tick out. | '' | send-tick.camel.yaml: route.description | one sentence",
                "Sends a tick out. | Sends a tick. And more. | send-tick.camel.yaml: route.description | one sentence",
                "Sends one tick. | sends | tick-source.camel.yaml: routeTemplate.route.description | one sentence",
                "What runs again waits for its turn. | '' | errors.camel.yaml: routeConfiguration.description | one sentence",
                "of the instance | '' | tick-source.camel.yaml: parameters.name | describe it",
                "routeConfigurationId: tick-errors | routeConfigurationId: none | tick-source.camel.yaml: routeConfigurationId | no configuration none",
                "routeConfigurationId: tick-errors | autoStartup: true | tick-source.camel.yaml: routeConfigurationId | name the error policy",
                "routePolicy: leader | autoStartup: true | tick-source.camel.yaml: routePolicy | say leader",
                "routeConfigurationId: tick-errors | autoStartup: true | errors.camel.yaml: routeConfiguration.id | no route uses tick-errors",
                "noErrorHandler | defaultErrorHandler | send-tick.camel.yaml: routeConfigurationId | name the error policy",
                "java.io.IOException | java.lang.Throwable | errors.camel.yaml: routeConfiguration.onException | put Exception before",
                "java.io.IOException | java.io.Nothing | errors.camel.yaml: routeConfiguration.onException | no class java.io.Nothing",
                "'{{base-url}}' | '{{base}}' | send-tick.camel.yaml: route.from.steps.2.to.uri | declared nowhere",
                "'\"{{base-url}}\"' | kafka | PearlRoutes.java: base-url | take it out",
                "'{{timeout}}' | '{{time}}' | camel.properties: camel.component.http.connectTimeout | declared nowhere",
                "'{{name}}' | name | tick-source.camel.yaml: parameters.name | nothing uses it",
                "camel.component.https.connectTimeout={{timeout}} | a=b | camel.properties: camel.component.http.connectTimeout | two components",
                "https.connectTimeout={{timeout}} | https.connectTimeout=1 | camel.properties: camel.component.https.connectTimeout | two components",
                "https.connectTimeout= | https.soTimeout= | camel.properties: camel.component.https.soTimeout | two components",
                "name: send-tick | name: send-tock | send-tick.camel.yaml: from.parameters.name | name it send-tick",
                "id: put-tick | description: x | send-tick.camel.yaml: route.from.steps.2.to | give it an id",
                "id: put-tick | id: post-tick | send-tick.camel.yaml: route.from.steps.3.to.id | is taken in",
                "ref: requestThrottle | ref: text | send-tick.camel.yaml: route.from.steps.2.to | put a step of the bean requestThrottle before it",
                "httpMethod: PUT | x: y | send-tick.camel.yaml: route.from.steps.2.to | set parameters.httpMethod",
                "uri: scheduler | uri: 'scheduler?delay=1' | tick-source.camel.yaml: routeTemplate.route.from.uri | into parameters",
                "uri: scheduler | uri: scheduler:tick | tick-source.camel.yaml: routeTemplate.route.from.uri | scheme alone",
                "expression: ${date:now} | 'expression: \"a\\nb\"' | tick-source.camel.yaml: routeTemplate.route.from.steps.0.setBody.simple.expression | make it a bean",
                "ref: text | ref: texts | send-tick.camel.yaml: route.from.steps.0.bean.ref | bind it",
                "ref: text | ref: texts | tick-source.camel.yaml: routeTemplate.route.from.steps.2.split.method.ref | bind it",
                "'#bean:text' | '#bean:no' | tick-source.camel.yaml: routeTemplate.route.from.parameters.filter | bind it",
                "'#class:org' | '#class:net' | tick-source.camel.yaml: routeTemplate.route.from.steps.2.split.aggregationStrategy | there is no",
                "executorService: pool | executorService: pond | tick-source.camel.yaml: routeTemplate.route.from.steps.2.split.executorService | configure the pool",
                "method: trim | method: prune | errors.camel.yaml: routeConfiguration.onException.0.onException.steps.0.bean.method | no public method prune",
                "method: trim | description: x | errors.camel.yaml: routeConfiguration.onException.0.onException.steps.0.bean.method | name a method",
                "replace('a', ${variable.place}) | replace(${body}) | send-tick.camel.yaml: route.from.steps.0.bean.method | does not take 1",
                "note: | group: | send-tick.camel.yaml: route.note | say what callers need to know",
                "in: the tick; variables: | variables: | send-tick.camel.yaml: route.note | say what callers need to know",
                "; out: the answer | '' | send-tick.camel.yaml: route.note | say what callers need to know",
                "variables: place | variables: places | send-tick.camel.yaml: from.steps.0.bean.method | the variable place is not set",
                "name: tick | name: tock | tick-source.camel.yaml: routeConfiguration tick-errors: onException | the variable tick is not set",
                "${date:now} | Bearer abc:defghij | tick-source.camel.yaml: routeTemplate.route.from.steps.0.setBody.simple.expression | looks like a secret",
                "${date:now} | 65f0c1d2e3f405162738495a | tick-source.camel.yaml: routeTemplate.route.from.steps.0.setBody.simple.expression | looks like a secret",
                "httpMethod: PUT | authPassword: x | send-tick.camel.yaml: route.from.steps.2.to.parameters.authPassword | looks like a secret",
                "'#api.token=' | '#api.token=a' | config/application.properties: api.token | leave it blank",
                "api.timeout=5s | x=65f0c1d2e3f405162738495a | config/application.properties: x | leave it blank",
            })
    void everyRuleFires(String replaced, String by, String where, String fix) {
        assertThat(lint(replaced, by == null ? "" : by))
                .anySatisfy(complaint -> assertThat(complaint).contains(where).contains(fix));
    }

    @Test
    void everyRuleThatNeedsMoreThanALineFires() {
        assertThat(lint("      - setBody:\n                          simple:\n", ""))
                .isNotNull();
        assertThat(lint(SEND, SEND + SEND)).anyMatch(c -> c.contains("send-tick.camel.yaml: [route]: keep one route"));
        assertThat(lint(SEND, SEND + SEND)).anyMatch(c -> c.contains("direct:send-tick: has 2 consumers"));
        assertThat(lint(SEND, SEND + ERRORS)).anyMatch(c -> c.contains("keep one route"));
        assertThat(lint(SOURCE, SOURCE.replace("name: send-tick", "name: elsewhere")))
                .anyMatch(c -> c.contains("tick-source.camel.yaml: direct:elsewhere: nothing receives"))
                .anyMatch(c -> c.contains("routes: direct:send-tick: nothing sends"));
        assertThat(lint(SOURCE, SOURCE.replace("name: send-tick", "name: \"{{name}}-tick\"")))
                .as("a parameter may become any word")
                .isEmpty();
        assertThat(lint(
                        SOURCE,
                        SOURCE.replaceFirst("( +)- setBody:\n", "$1- setHeader:\n$1    name: CamelHttpMethod\n")))
                .anyMatch(c -> c.contains("steps.0.setHeader: set httpMethod on the endpoint"));
        assertThat(lint(SOURCE, SOURCE.replaceFirst("simple:\\s+expression: \\S+", "simple: x")))
                .anyMatch(c -> c.contains("steps.0.setBody.simple: write it out"));
        assertThat(lint(SEND, SEND.replaceFirst("bean:\\s+ref: text\\s+method: .*", "log: x")))
                .anyMatch(c -> c.contains("route.from.steps.0.log: write it out"));
        assertThat(lint(SEND, SEND.replaceFirst("- to:(\\s+id: put-tick)", "  to:$1")))
                .anyMatch(c -> c.contains("route.from.steps.1: one step an entry"));
        assertThat(lint(SEND, SEND.replaceFirst("errorHandler:\\s+noErrorHandler: \\{}", "onException: []")))
                .anyMatch(c -> c.contains("route.onException: error policy belongs"));
    }
}
