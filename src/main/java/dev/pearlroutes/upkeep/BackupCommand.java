package dev.pearlroutes.upkeep;

import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The backup of the ledger as it is at one moment. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the ledger, as of one moment, into FILE.",
            "FILE must not exist yet; only its owner can read it. The program may run; nothing waits for the copy."
        })
final class BackupCommand implements Callable<Integer> {
    @ParentCommand
    private Commands commands;

    @Parameters(paramLabel = "FILE", description = "the file to write; its folder must exist")
    private Path target;

    @Override
    public Integer call() throws IOException {
        Settings settings = commands.settings();
        if (settings.shared()) {
            throw new Commands.RefusedException(
                    "the ledger is in PostgreSQL, whose own tools copy it: pg_dump --format=custom --schema="
                            + Ledgers.schema(settings) + ", or a backup of the server with its log");
        }
        LedgerBackup.write(
                settings.ledgerUrl(), new DataFolders(settings.dataDir()).scratch(), target.toAbsolutePath());
        commands.out().println("Written: " + target + ", " + LogText.count(Files.size(target), "byte"));
        return 0;
    }
}
