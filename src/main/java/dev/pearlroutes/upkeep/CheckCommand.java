package dev.pearlroutes.upkeep;

import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerCheck;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** The check of the whole ledger. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Reads the whole ledger and reports what is wrong with it.",
            "It checks the database itself, rows and sources that don't add up, and receipts that differ from the",
            "ledger. It changes nothing, and the program may run. The exit code is 0 when all is sound, else 3 with",
            "one line for each finding."
        })
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    private Commands commands;

    @Override
    public Integer call() {
        Settings settings = commands.settings();
        LedgerCheck.Report ledger = settings.shared()
                ? LedgerCheck.of(settings.ledgerUrl(), Ledgers.server(settings))
                : LedgerCheck.of(settings.ledgerUrl(), new DataFolders(settings.dataDir()).scratch());
        List<String> findings = Stream.concat(
                        ledger.findings().stream(),
                        new ReceiptCheck(new DataFolders(settings.dataDir())).findings(ledger.finished()).stream())
                .toList();
        findings.forEach(commands.out()::println);
        commands.out()
                .println((findings.isEmpty() ? "Sound: " : LogText.count(findings.size(), "finding") + " in ")
                        + LogText.count(ledger.sources(), "file") + ", " + LogText.count(ledger.rows(), "row") + ", "
                        + LogText.count(ledger.calls(), "call"));
        if (settings.shared()) {
            commands.out().println("The files of the database are checked by pg_amcheck");
        }
        return findings.isEmpty() ? 0 : Commands.FOUND_SOMETHING;
    }
}
