package dev.pearlroutes.upkeep;

import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: with arguments the program looks after its ledger, without any it runs the routes. */
@Command(
        name = "pearl-routes",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        synopsisHeading = "",
        customSynopsis = {
            "Usage: pearl-routes              runs in the foreground until SIGTERM or Ctrl-C, logs to stdout",
            "       pearl-routes COMMAND      looks after the ledger; see pearl-routes COMMAND --help"
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = {
            "Exit codes: 0 done, 1 it could not be done, 2 wrong arguments, 3 check has found something.",
            "",
            "All settings come from the configuration and from environment variables; a command needs the same",
            "ones as the program it looks after:",
            "",
            "  CONFIG_DIR   folder with application.properties (default: the config folder beside bin)",
            "  DATA_DIR     folder that everything is written below (default: data in the current folder)",
            "  JAVA_HOME    Java to run with, 17 or newer (default: the java of the PATH)",
            "  JAVA_OPTS    options for that Java, separated by spaces, such as -Xmx512m",
            "",
            "Every key of application.properties has a variable too: nlpearl.token is NLPEARL_TOKEN."
        },
        subcommands = {
            CheckCommand.class,
            BackupCommand.class,
            StoryCommand.class,
            UnknownCommand.class,
            StopsCommand.class,
            EraseCommand.class,
            AcceptLedgerCommand.class,
            MigrateCommand.class
        })
public final class Commands implements Runnable {
    /** In the place of an argument: it comes by the standard input. */
    private static final String STDIN = "-";

    static final int FOUND_SOMETHING = 3;
    private static final int CANNOT = 1;
    private static final int WRONG_ARGUMENTS = 2;

    /** Columns of the help, whose longest lines would be broken at the 80 of picocli. */
    private static final int HELP_WIDTH = 110;

    private final Path configuration;
    private final Map<String, String> environment;
    private final BufferedReader in;

    @Spec
    private CommandSpec spec;

    private Commands(Path configuration, Map<String, String> environment, BufferedReader in) {
        this.configuration = configuration;
        this.environment = environment;
        this.in = in;
    }

    /** Runs one command. @return the exit code; a failure is one line on {@code err} */
    public static int execute(
            Path configuration,
            Map<String, String> environment,
            Reader in,
            PrintWriter out,
            PrintWriter err,
            String... arguments) {
        return new CommandLine(new Commands(configuration, environment, new BufferedReader(in)))
                .setUsageHelpWidth(HELP_WIDTH)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, wrong) -> {
                    err.println(e.getCommandLine().getCommandSpec().qualifiedName() + ": " + LogText.firstLine(e)
                            + ": see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
                    return WRONG_ARGUMENTS;
                })
                .setExecutionExceptionHandler((e, command, result) -> {
                    err.println(command.getCommandSpec().qualifiedName() + " cannot: " + reason(e));
                    return CANNOT;
                })
                .execute(arguments);
    }

    /** Refuses options without a command; without arguments at all it is not called. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "there is no command");
    }

    /** @throws ConfigurationException when anything in it is wrong */
    Settings settings() {
        return Configuration.load(configuration, environment);
    }

    /** Does something with the ledger, also while the program works on it. @throws LedgerException as {@link Ledger#visit} */
    <T> T visit(BiFunction<Settings, Ledger, T> work) {
        Settings settings = settings();
        try (Ledger ledger = Ledgers.visit(settings, new DataFolders(settings.dataDir()))) {
            return work.apply(settings, ledger);
        }
    }

    /** Returns what was given for a person's key: an argument, or a line of the standard input for {@code -}; null when that has ended. */
    String given(String argument) throws IOException {
        return STDIN.equals(argument) ? in.readLine() : argument;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static String reason(Exception e) {
        if (e instanceof ConfigurationException) {
            // It has a line for each setting that is wrong.
            return e.getMessage();
        }
        boolean own = e instanceof LedgerException || e instanceof RefusedException;
        return (own ? "" : e.getClass().getSimpleName() + ": ") + LogText.firstLine(e);
    }

    /** The refusal of a command, with the reason and what to do about it. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** The version in the manifest of the packaged program. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Commands.class.getPackage().getImplementationVersion();
            return new String[] {"pearl-routes " + (version == null ? "not packaged" : version)};
        }
    }
}
