package speed;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param rows names of the rows to measure, in this order
 * @param runs of each, whose median counts
 * @param scale by which the sizes of the files are multiplied
 * @param server base address of an API that runs elsewhere; null for the one that is brought along
 * @param java home of the Java that runs the programs measured
 * @param javaOpts options of the Java virtual machine for pearl-routes
 */
record Options(List<String> rows, int runs, double scale, URI server, Path java, String javaOpts) {
    private static final int RUNS = 5;
    private static final double QUICK = 0.2;

    static final String USAGE =
            """
            Usage: bench.sh [options] [rows]
              --quick           one run of each row, with a fifth of the leads
              --runs=5          runs of each row; medians are printed
              --server=http://127.0.0.1:8099   an API that runs already, see Api.java; otherwise its own is started
              --java=home       the Java that runs the programs; otherwise the one that runs this
              --java-opts=-X…   for pearl-routes, beside those of the row
            Rows: all of them when none is named
            """;

    /** @throws IllegalArgumentException when it is none of the usage */
    static Options of(String[] args) {
        List<String> rows = new ArrayList<>();
        int runs = RUNS;
        double scale = 1;
        URI server = null;
        Path java = Path.of(System.getProperty("java.home"));
        String javaOpts = "";
        for (String arg : args) {
            String value = arg.substring(arg.indexOf('=') + 1);
            if (arg.equals("--quick")) {
                runs = 1;
                scale = QUICK;
            } else if (arg.startsWith("--runs=")) {
                runs = Integer.parseInt(value);
            } else if (arg.startsWith("--server=")) {
                server = URI.create(value);
            } else if (arg.startsWith("--java=")) {
                java = Path.of(value);
            } else if (arg.startsWith("--java-opts=")) {
                javaOpts = value;
            } else if (!arg.startsWith("-")) {
                rows.add(arg);
            } else {
                throw new IllegalArgumentException("no such option: " + arg);
            }
        }
        return new Options(rows, runs, scale, server, java, javaOpts);
    }

    /** A size of full length, for this length. */
    int leads(int full) {
        return (int) (full * scale);
    }
}
