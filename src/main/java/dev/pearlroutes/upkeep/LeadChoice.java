package dev.pearlroutes.upkeep;

import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that say which leads of a file a person's decision is on. */
final class LeadChoice {
    @Parameters(paramLabel = "FILE", description = "name of the file as in done/, such as leads.csv")
    private String file;

    @Option(
            names = "--outbound",
            paramLabel = "NAME",
            description = "its outbound; needed when several have such a file")
    private String outbound;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Rows rows;

    private static final class Rows {
        @Option(names = "--line", paramLabel = "N", split = ",", description = "lines of the file; several with commas")
        private List<Long> lines = List.of();

        @Option(names = "--all", description = "every such lead of the file")
        private boolean all;
    }

    /** Name of the file. */
    String file() {
        return file;
    }

    /** Null for any. */
    String outbound() {
        return outbound;
    }

    /**
     * Chooses among the leads of the file.
     *
     * @param what they are, for people
     * @throws Commands.RefusedException when they are of several outbounds, or none is chosen
     */
    <T> List<T> among(List<T> leads, String what, Function<T, String> outboundOf, Function<T, Long> lineOf) {
        if (leads.stream().map(outboundOf).distinct().count() > 1) {
            throw new Commands.RefusedException(
                    "several outbounds have a file of that name with " + what + ": add --outbound");
        }
        return leads.stream()
                .filter(lead -> rows.all || rows.lines.contains(lineOf.apply(lead)))
                .toList();
    }
}
