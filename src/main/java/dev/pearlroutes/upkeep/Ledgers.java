package dev.pearlroutes.upkeep;

import dev.pearlroutes.config.LedgerAccess;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.LedgerServer;

/** Opens the ledger that the settings name: a file, or a database on a server. */
public final class Ledgers {
    private Ledgers() {}

    /** Opens it for the program. @throws LedgerException when it cannot be opened, or is another process's alone */
    public static Ledger open(Settings settings, DataFolders folders) {
        return settings.shared()
                ? Ledger.open(settings.ledgerUrl(), folders.scratch(), server(settings))
                : Ledger.open(settings.ledgerUrl(), folders.scratch(), settings.filesMode());
    }

    /** Opens an existing one for a command that needs it alone. @throws LedgerException when there is none, or a process works on it */
    static Ledger openAlone(Settings settings, DataFolders folders) {
        if (settings.shared()) {
            return Ledger.openAlone(settings.ledgerUrl(), server(settings));
        }
        Ledger.requireExisting(settings.ledgerUrl());
        return open(settings, folders);
    }

    /** Opens an existing one for a few short transactions, while the program may work. @throws LedgerException when there is none */
    static Ledger visit(Settings settings, DataFolders folders) {
        return settings.shared()
                ? Ledger.visit(settings.ledgerUrl(), server(settings))
                : Ledger.visit(settings.ledgerUrl(), folders.scratch());
    }

    /** Names the schema that the ledger is in. */
    static String schema(Settings settings) {
        return Ledger.schema(settings.ledgerUrl());
    }

    static LedgerServer server(Settings settings) {
        LedgerAccess access = settings.ledgerAccess();
        return new LedgerServer(
                access.username(),
                access.password() == null ? null : access.password().reveal(),
                access.connections(),
                access.lease(),
                access.node());
    }
}
