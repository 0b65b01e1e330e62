package dev.pearlroutes.upkeep;

import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.LedgerMigration;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The move of a ledger from SQLite's file into PostgreSQL. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the ledger in the SQLite FILE into the PostgreSQL database of the configuration.",
            "The program must be stopped, and the database must hold no ledger or an empty one. The rows of each",
            "table are counted in both. FILE is only read: put it away afterwards, so that nobody sends by it again."
        })
final class MigrateCommand implements Callable<Integer> {
    @ParentCommand
    private Commands commands;

    @Parameters(paramLabel = "FILE", description = "the ledger to copy, such as data/ledger.sqlite")
    private Path file;

    @Override
    public Integer call() {
        Settings settings = commands.settings();
        if (!settings.shared()) {
            throw new Commands.RefusedException("ledger.url names no PostgreSQL database to copy into");
        }
        Map<String, Long> rows = LedgerMigration.copy(
                "jdbc:sqlite:" + file.toAbsolutePath(),
                new DataFolders(settings.dataDir()).scratch(),
                settings.ledgerUrl(),
                Ledgers.server(settings));
        rows.forEach((table, count) -> commands.out().println(table + ": " + count));
        commands.out().println("Copied. Put " + file + " away before the program starts");
        return 0;
    }
}
