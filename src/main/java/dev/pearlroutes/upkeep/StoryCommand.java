package dev.pearlroutes.upkeep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.LogText;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The story of one lead. It reads beside the program. */
@Command(
        name = "story",
        mixinStandardHelpOptions = true,
        description = {
            "Tells all that is known of a lead.",
            "That is its file and line, when it was taken, sent and answered, its calls, updates and stops, and",
            "whether each event has reached each sink. Times are of UTC. What was purged is left out. It changes",
            "nothing, and the program may run. The exit code is 1 when nothing is known."
        })
final class StoryCommand implements Callable<Integer> {
    private static final int NOTHING_KNOWN = 1;

    @ParentCommand
    private Commands commands;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Who who;

    private static final class Who {
        @Option(
                names = "--external-id",
                paramLabel = "ID",
                description = "the externalId; - reads it from the standard input")
        private String externalId;

        @Option(names = "--lead-id", paramLabel = "ID", description = "NLPearl's id of the lead; - reads it likewise")
        private String leadId;

        @Option(
                names = "--phone",
                paramLabel = "NUMBER",
                description = {
                    "the phone number; - reads it from the standard input, so that it stands neither in the shell's",
                    "history nor in the list of processes"
                })
        private String phone;
    }

    @Override
    public Integer call() throws IOException {
        LeadStory.Asked asked = asked();
        JsonNode leads = commands.visit((settings, ledger) -> {
            try {
                return new LeadStory(ledger, new DataFolders(settings.dataDir()), settings.outbounds())
                        .of(asked)
                        .path("leads");
            } catch (IllegalArgumentException e) {
                throw new Commands.RefusedException(e.getMessage());
            }
        });
        leads.forEach(this::print);
        commands.out().println(leads.isEmpty() ? "Nothing is known of it" : LogText.count(leads.size(), "lead"));
        return leads.isEmpty() ? NOTHING_KNOWN : 0;
    }

    private LeadStory.Asked asked() throws IOException {
        try {
            return new LeadStory.Asked(
                    commands.given(who.externalId), commands.given(who.leadId), commands.given(who.phone));
        } catch (IllegalArgumentException e) {
            throw new Commands.RefusedException("nothing was given to look for");
        }
    }

    private void print(JsonNode lead) {
        commands.out().println(members(lead));
        for (JsonNode event : lead.path("events")) {
            String at = event.path("at").asText("-");
            commands.out().println(("  " + at + "  " + members(event)).stripTrailing());
        }
    }

    /** Names each member but those that have a place of their own. */
    private static String members(JsonNode node) {
        return node.properties().stream()
                .filter(member ->
                        !member.getKey().equals("at") && !member.getKey().equals("events"))
                .map(member -> member.getKey().equals("what")
                        ? member.getValue().asText()
                        : member.getKey() + "=" + LogText.printable(text(member.getValue())))
                .collect(Collectors.joining("  "));
    }

    private static String text(JsonNode value) {
        if (value.has("name")) {
            return value.path("name").asText();
        }
        if (!value.isObject()) {
            return value.asText();
        }
        return value.properties().stream()
                .map(member -> member.getKey() + " " + member.getValue().asText())
                .collect(Collectors.joining(", "));
    }
}
