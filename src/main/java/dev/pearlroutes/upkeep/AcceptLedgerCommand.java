package dev.pearlroutes.upkeep;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** A person's confirmation that sending may continue with a ledger that is older than the files beside it. */
@Command(
        name = "accept-ledger",
        mixinStandardHelpOptions = true,
        description = {
            "Lets a program that is ON HOLD continue with an older ledger.",
            "The program must be stopped. The ledger does not know who was called since it was copied; files that",
            "were in progress go to failed/, since nobody knows which of their leads were sent. Do not drop leads",
            "of that time again. It is better to put the newest ledger back. A data folder that was another",
            "ledger's is this one's from then on."
        })
final class AcceptLedgerCommand implements Callable<Integer> {
    private static final String REASON = "an older ledger was accepted while this file was at work: how much of it was"
            + " sent is not known; drop again only the rows that NLPearl does not have";

    @ParentCommand
    private Commands commands;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws IOException {
        Settings settings = commands.settings();
        DataFolders folders = new DataFolders(settings.dataDir());
        AtomicFiles atomicFiles = new AtomicFiles(settings.filesMode());
        try (Ledger ledger =
                settings.shared() ? Ledgers.openAlone(settings, folders) : Ledgers.open(settings, folders)) {
            Sources sources = new Sources(ledger);
            LedgerWatermark mark = new LedgerWatermark(folders, atomicFiles, ledger);
            List<String> outbounds =
                    settings.outbounds().stream().map(Outbound::name).toList();
            StaleLedgerCheck age = new StaleLedgerCheck(folders, outbounds, ledger, mark);
            LedgerId id = new LedgerId(folders, atomicFiles, ledger);
            String evidence = age.evidence()
                    .or(id::mismatch)
                    .orElseThrow(() -> new Commands.RefusedException(
                            "the ledger is not older than the files beside it: there is nothing to accept"));
            // Each step can be repeated after a crash. From the first one on the watermark holds every start, since the
            // steps
            // take away what showed the ledger to be older.
            mark.suspend();
            Events events = new Events(clock);
            for (Source source : sources.unfinished()) {
                Path work = folders.work(source).resolve(source.name());
                if (Files.exists(work)) {
                    setAside(atomicFiles, work, folders.failed(source.outbound(), source.operation()));
                }
                sources.failed(source.id(), REASON, events.ofFailedFile(source, REASON));
            }
            for (Path stray : age.strayWork()) {
                Path outbound = stray.getParent().getParent().getFileName();
                setAside(atomicFiles, stray, folders.failed(outbound.toString(), Source.Operation.ADD));
            }
            ledger.execute(tx -> {
                tx.meta().acceptedAt(clock.instant());
                // Result files are taken as they are from here on.
                tx.sinks().deleteFiles();
            });
            id.write();
            mark.note();
            commands.out().println("Accepted, although " + evidence + ". Start the program again");
        }
        return 0;
    }

    private void setAside(AtomicFiles atomicFiles, Path file, Path failed) throws IOException {
        String id = file.getParent().getFileName().toString();
        Path target = failed.resolve(file.getFileName());
        if (Files.exists(target)) {
            target = failed.resolve(file.getFileName() + "." + id);
        }
        atomicFiles.write(target.resolveSibling(target.getFileName() + ".reason.txt"), REASON + "\n");
        AtomicFiles.move(file, target);
        Files.deleteIfExists(file.getParent());
        commands.out().println("Set aside: " + target);
    }
}
