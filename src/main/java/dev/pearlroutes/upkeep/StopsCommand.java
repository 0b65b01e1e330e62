package dev.pearlroutes.upkeep;

import dev.pearlroutes.model.FailedStop;
import dev.pearlroutes.updates.FailedStops;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A person's decision on leads that must not be called any more and could not be stopped. It works beside the program. */
@Command(
        name = "stops",
        mixinStandardHelpOptions = true,
        description = {
            "Lists leads that could not be stopped, and ends the alarm about them.",
            "They are on a suppression list or of a recalled file, and may be called. The program tries each of them",
            "again by itself, ever more seldom up to once an hour."
        })
final class StopsCommand implements Runnable {
    @ParentCommand
    private Commands commands;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say list or acknowledge");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = {
                "Lists leads that could not be stopped, with the reason of each.",
                "A line has outbound, file, line, externalId, leadId, suppress or recall, since when, how often it was tried,",
                "when it is tried next, and why it failed last."
            })
    int list(
            @Option(names = "--outbound", paramLabel = "NAME", description = "only of this outbound") String outbound,
            @Option(names = "--file", paramLabel = "FILE", description = "only of this file") String file) {
        return with(stops -> {
            List<FailedStop> leads = stops.list(outbound, file);
            for (FailedStop lead : leads) {
                commands.out()
                        .println(String.join(
                                "\t",
                                lead.outbound(),
                                lead.file(),
                                Long.toString(lead.line()),
                                lead.externalId() == null ? "" : lead.externalId(),
                                lead.leadId(),
                                lead.cause().word(),
                                lead.since().toString(),
                                Integer.toString(lead.tries()),
                                lead.tryAt().toString(),
                                lead.reason()));
            }
            commands.out().println(leads.size() + " not stopped");
            return 0;
        });
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = {
                "Ends the alarm about leads that could not be stopped, and the tries to stop them.",
                "They may still be called: see to them on the platform first."
            })
    int acknowledge(@ArgGroup(exclusive = false, multiplicity = "1") LeadChoice choice) {
        return with(stops -> {
            List<FailedStop> chosen = choice.among(
                    stops.list(choice.outbound(), choice.file()),
                    "leads that could not be stopped",
                    FailedStop::outbound,
                    FailedStop::line);
            long count = chosen.stream().filter(stops::acknowledge).count();
            if (count == 0) {
                throw new Commands.RefusedException("no such lead could not be stopped: see pearl-routes stops list");
            }
            commands.out().println(count + " acknowledged");
            return 0;
        });
    }

    private int with(Function<FailedStops, Integer> work) {
        return commands.visit((settings, ledger) -> work.apply(new FailedStops(ledger, Clock.systemUTC())));
    }
}
