package dev.pearlroutes.upkeep;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.sending.UnknownLeads;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A person's decision on leads whose answer never came. It works beside the program, in one short transaction a lead. */
@Command(
        name = "unknown",
        mixinStandardHelpOptions = true,
        description = {
            "Lists leads whose answer never came, and releases or drops them.",
            "A released lead is sent again, a dropped one is given up. The program may run: it then rewrites the",
            "files of these leads; else the next start does."
        })
final class UnknownCommand implements Runnable {
    @ParentCommand
    private Commands commands;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say list, release or drop");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Lists unknown leads: outbound, file, line, externalId, since when, and why or what comes next.")
    int list(
            @Option(names = "--outbound", paramLabel = "NAME", description = "only of this outbound") String outbound,
            @Option(names = "--file", paramLabel = "FILE", description = "only of this file") String file) {
        return with(unknowns -> {
            List<UnknownLead> leads = unknowns.list(outbound, file);
            for (UnknownLead lead : leads) {
                commands.out()
                        .println(String.join(
                                "\t",
                                lead.source().outbound(),
                                lead.source().name(),
                                Long.toString(lead.line()),
                                lead.externalId(),
                                lead.since().toString(),
                                lead.reason()));
            }
            commands.out().println(leads.size() + " unknown");
            return 0;
        });
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = {
                "Sends unknown leads again unless NLPearl has them.",
                "Each is looked up once more, after its settle time at the earliest, and is sent unless it is found. Where",
                "the API's search proves nothing, you answer for the person not being called twice."
            })
    int release(@ArgGroup(exclusive = false, multiplicity = "1") LeadChoice choice) {
        return decide(choice, "released", unknowns -> lead -> unknowns.release(lead, clock.instant()));
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = {
                "Gives up unknown leads, which then count as cancelled.",
                "A call that was made cannot be taken back. The lead's key is free, so that the same lead may be dropped",
                "and sent again."
            })
    int drop(@ArgGroup(exclusive = false, multiplicity = "1") LeadChoice choice) {
        return decide(choice, "dropped", unknowns -> lead -> unknowns.giveUp(lead, clock.instant()));
    }

    private int decide(LeadChoice choice, String done, Function<UnknownLeads, Predicate<UnknownLead>> decision) {
        return with(unknowns -> {
            List<UnknownLead> chosen = choice.among(
                    unknowns.list(choice.outbound(), choice.file()),
                    "unknown leads",
                    lead -> lead.source().outbound(),
                    UnknownLead::line);
            long count = chosen.stream().filter(decision.apply(unknowns)).count();
            if (count == 0) {
                throw new Commands.RefusedException("no such lead is unknown: see pearl-routes unknown list");
            }
            commands.out().println(count + " " + done);
            return 0;
        });
    }

    private int with(Function<UnknownLeads, Integer> work) {
        return commands.visit(
                (settings, ledger) -> work.apply(new UnknownLeads(ledger, new Events(clock), settings.settleTime())));
    }
}
