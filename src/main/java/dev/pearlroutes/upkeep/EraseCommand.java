package dev.pearlroutes.upkeep;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.CellText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The erasure of one person from the ledger and the files beside it. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        description = {
            "Removes one person from the ledger and from the data folder.",
            "That is from files in done/, failed/, work/, results/ and undelivered/, and from unfinished requests by",
            "HTTP. The program must be stopped.",
            "Rows stay, with 'erased' in their cells, so that receipts still add up. What can't be rewritten is",
            "named, and the exit code is then 1; run the command again after the cause is fixed, or after a crash.",
            "The exit code is also 1 when nothing of the person was found.",
            "Nothing is left to recognize the person by: a lead dropped later is a new one."
        })
final class EraseCommand implements Callable<Integer> {
    private static final int NOTHING_FOUND = 1;

    @ParentCommand
    private Commands commands;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private Who who;

    @Option(names = "--outbound", paramLabel = "NAME", description = "only in this outbound")
    private String outbound;

    private static final class Who {
        @Option(
                names = "--phone",
                paramLabel = "NUMBER",
                description = {
                    "with + and country code; - reads it from the standard input, so that it stands neither in the",
                    "shell's history nor in the list of processes"
                })
        private String phone;

        @Option(
                names = "--external-id",
                paramLabel = "ID",
                description = "the externalId; - reads it likewise, after the number")
        private String externalId;
    }

    @Override
    public Integer call() throws IOException {
        Settings settings = commands.settings();
        PhoneNumbers phoneNumbers = new PhoneNumbers();
        String phone = who.phone == null ? null : phone(phoneNumbers);
        Set<String> externalIds = who.externalId == null ? Set.of() : Set.of(externalId());
        List<Outbound> outbounds = settings.outbounds().stream()
                .filter(each -> outbound == null || outbound.equals(each.name()))
                .toList();
        if (outbounds.isEmpty()) {
            throw new Commands.RefusedException("the configuration has no such outbound");
        }
        DataFolders folders = new DataFolders(settings.dataDir());
        Set<Path> left = new TreeSet<>();
        List<Source> unread = new ArrayList<>();
        boolean found = false;
        commands.out().println("The ledger is " + settings.ledgerUrl());
        try (Ledger ledger = Ledgers.openAlone(settings, folders)) {
            Erasure erasure = new Erasure(ledger);
            ErasedFiles files = new ErasedFiles(settings, ledger, folders, commands.out());
            for (Outbound each : outbounds) {
                Set<String> ids = new TreeSet<>();
                externalIds.forEach(id -> ids.addAll(erasure.spellings(each.name(), id)));
                if (phone != null) {
                    ids.addAll(erasure.externalIds(each.name(), phone));
                }
                Person person = new Person(phone, ids, each.defaultRegion(), phoneNumbers);
                found |= files.erase(each, person);
                left.addAll(files.left(each.name(), person));
            }
            unread.addAll(files.unsearched());
            ledger.forgetDeleted();
        }
        if (settings.shared()) {
            commands.out()
                    .println(
                            "PostgreSQL's log, its standbys and dumps keep what was erased until they are replaced themselves");
        }
        unread.forEach(request -> commands.out()
                .println("Request " + request.id() + " of " + request.outbound()
                        + " is unfinished and can't be read: start the program, and erase again when it is finished"));
        left.forEach(file -> commands.out().println("Still there, or can't be searched, look at it yourself: " + file));
        if (!unread.isEmpty()) {
            return 1;
        }
        if (!found && left.isEmpty()) {
            commands.out().println("Nothing of this person was found");
            return NOTHING_FOUND;
        }
        commands.out().println(left.isEmpty() ? "Erased" : "Erased but for the files named");
        return left.isEmpty() ? 0 : 1;
    }

    private String phone(PhoneNumbers phoneNumbers) throws IOException {
        PhoneNumbers.Parsed parsed = phoneNumbers.toE164(given(who.phone), null);
        if (parsed.e164() == null) {
            throw new Commands.RefusedException("that is no number with + and country code: it " + parsed.reason());
        }
        return parsed.e164();
    }

    private String externalId() throws IOException {
        String id = given(who.externalId);
        if (CellText.isNothing(id)) {
            throw new Commands.RefusedException("that is a word for nothing and nobody's externalId: give the number");
        }
        return id;
    }

    private String given(String argument) throws IOException {
        String text = commands.given(argument);
        if (text == null || CellText.clean(text).isEmpty()) {
            throw new Commands.RefusedException("nothing was given to look for");
        }
        return CellText.clean(text);
    }
}
