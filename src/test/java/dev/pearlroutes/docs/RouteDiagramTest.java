package dev.pearlroutes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The diagram and the table of routes in the architecture page are those of the routes. */
class RouteDiagramTest {
    private static final Path PAGE = Path.of("src/docs/architecture.md");
    private static final String BEGIN = "<!-- routes: begin, written by RouteDiagramTest -->\n";
    private static final String END = "<!-- routes: end -->";

    @Test
    void thePageShowsTheRoutes() throws IOException {
        String fresh = new RouteDiagram(shipped()).markdown();
        String page = Files.readString(PAGE);
        assertThat(page).contains(BEGIN, END);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PAGE, page.substring(0, begin) + fresh + page.substring(end));
        } else {
            assertThat(page.substring(begin, end))
                    .as("%s is not up to date: mvn -B test -Dtest=RouteDiagramTest -Dupdate.docs=true writes it", PAGE)
                    .isEqualTo(fresh);
        }
    }

    @Test
    void callsQueuesFilesAndTheApiAreEdges() {
        String markdown = new RouteDiagram(Map.of(
                        "routes/intake/drop-source.camel.yaml",
                        """
                        - routeTemplate:
                            id: drop-source
                            description: Takes files.
                            route:
                              routeConfigurationId: drop-errors
                              from:
                                uri: file
                                parameters: {directoryName: "{{data.dir}}/inbox/{{outbound}}"}
                                steps:
                                  - to: {uri: seda, parameters: {name: "send-{{outbound}}"}}
                        """,
                        "routes/sending/send-lead.camel.yaml",
                        """
                        - routeTemplate:
                            id: send-lead
                            description: Sends a lead.
                            route:
                              from:
                                uri: seda
                                parameters: {name: "send-{{outbound}}"}
                                steps:
                                  - to: {id: put-add-lead, uri: "{{nlpearl.base-url}}", parameters: {httpMethod: PUT}}
                        """,
                        "routes/sending/look-up.camel.yaml",
                        """
                        - route:
                            id: look-up
                            description: Runs alone.
                            from: {uri: scheduler, parameters: {delay: 500}, steps: []}
                        """,
                        "routes/errors.camel.yaml",
                        """
                        - routeConfiguration:
                            id: drop-errors
                            description: Puts a dead letter.
                            onException:
                              - onException:
                                  steps:
                                    - to: {id: put-dead-letter, uri: jms}
                        """))
                .markdown();

        assertThat(markdown)
                .contains("data_folder -->|\"inbox/#lt;outbound#gt;\"| drop_source\n")
                .contains("drop_source --> send_lead\n")
                .contains("drop_source -->|fails| drop_errors\n")
                .contains("send_lead -->|\"PUT …/Lead\"| NLPearl_API\n")
                .contains("drop_errors -->|\"put-dead-letter\"| broker\n")
                .contains("subgraph room_intake[intake]\n    drop_source([drop-source])\n")
                .contains("| `sending` | `look-up` | every 500 ms | Runs alone. |\n")
                .doesNotContain("look_up");
    }

    @Test
    void theNamesByWhichATemplateIsCalledShowWhatItsInstancesDo() {
        String markdown = new RouteDiagram(Map.of(
                        "routes/updates/ask-rows.camel.yaml",
                        """
                        - routeTemplate:
                            id: ask-rows
                            route:
                              from:
                                uri: direct
                                parameters: {name: "ask-rows-{{row-route}}"}
                                steps:
                                  - to: {uri: direct, parameters: {name: "{{row-route}}"}}
                                  - to: {id: "{{row-route}}", uri: "{{nlpearl.base-url}}", parameters: {httpMethod: "{{m}}"}}
                        """,
                        "routes/updates/update-row.camel.yaml",
                        """
                        - route: {id: update-row, from: {uri: direct, parameters: {name: update-row}, steps: []}}
                        """,
                        "routes/updates/other-row.camel.yaml",
                        """
                        - route: {id: other-row, from: {uri: direct, parameters: {name: other-row}, steps: []}}
                        """,
                        "routes/intake/work-on-rows.camel.yaml",
                        """
                        - route:
                            id: work-on-rows
                            from:
                              uri: direct
                              parameters: {name: work-on-rows}
                              steps:
                                - to: {uri: direct, parameters: {name: ask-rows-update-row}}
                        """))
                .markdown();

        assertThat(markdown)
                .contains("work_on_rows --> ask_rows\n", "ask_rows --> update_row\n")
                .contains("ask_rows -->|\"update-row\"| NLPearl_API\n")
                .doesNotContain("ask_rows --> other_row", "ask_rows --> work_on_rows");
    }

    private static Map<String, String> shipped() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (var found = Files.walk(Path.of("routes"))) {
            for (Path file : found.filter(path -> path.toString().endsWith(".camel.yaml"))
                    .toList()) {
                files.put(file.toString(), Files.readString(file));
            }
        }
        return files;
    }
}
