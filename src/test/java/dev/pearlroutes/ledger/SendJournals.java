package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.SendJournalFile.Owner;
import dev.pearlroutes.ledger.SendJournalFile.Unusable;
import java.io.IOException;
import java.nio.file.Path;

/** Send journals as a test finds or leaves them. */
public final class SendJournals {
    private SendJournals() {}

    /** Makes a journal one of another boot of the machine, whole as it is; does nothing where there is none. */
    public static void forgeBoot(Path journal) {
        try {
            Owner owner = SendJournalFile.read(journal).owner();
            SendJournalFile.create(journal, new Owner(owner.ledger(), "another boot", owner.start()))
                    .close();
        } catch (Unusable none) {
            // Killed before there was one.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
