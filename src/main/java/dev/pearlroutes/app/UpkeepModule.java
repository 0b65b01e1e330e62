package dev.pearlroutes.app;

import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.upkeep.LedgerId;
import dev.pearlroutes.upkeep.LedgerWatermark;
import dev.pearlroutes.upkeep.LeftBehind;
import dev.pearlroutes.upkeep.Retention;
import dev.pearlroutes.upkeep.StaleLedgerCheck;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.main.Main;

/** The beans that watch over the ledger: whether it is the newest, what it forgets, and whom nobody looks after any more. */
final class UpkeepModule {
    private final Foundation foundation;
    private final LedgerWatermark watermark;
    private final LedgerId id;
    private volatile Optional<String> hold = Optional.empty();
    private volatile Set<String> leftBehind = Set.of();

    UpkeepModule(Foundation foundation) {
        this.foundation = foundation;
        DataFolders folders = foundation.folders();
        Ledger ledger = foundation.ledger();
        this.watermark = new LedgerWatermark(folders, foundation.atomicFiles(), ledger);
        this.id = new LedgerId(folders, foundation.atomicFiles(), ledger);
    }

    /** Looks whether the ledger is the newest, before anything is read or sent by it. @throws LedgerException when it is another folder's */
    void judge() {
        Optional<String> evidence = new StaleLedgerCheck(
                        foundation.folders(), foundation.mappers().outbounds(), foundation.ledger(), watermark)
                .evidence();
        id.claim(evidence.isPresent());
        this.hold = evidence.map(shown -> foundation.settings().ledgerUrl()
                + " may be older than the files beside it: " + shown
                + id.mismatch().map(mismatch -> "; " + mismatch).orElse("")
                + ". Whom it has forgotten could be called twice, so nothing is read or sent. Stop"
                + " the program, put the newest ledger back and start again; if there is none, see"
                + " pearl-routes accept-ledger --help.");
    }

    void bind(Main camel) {
        camel.bind("ledgerWatermark", watermark);
        camel.bind(
                "retention",
                new Retention(foundation.ledger(), foundation.settings().ledgerRetention(), foundation.clock()));
    }

    void recoverAtStart() {
        leftBehind = new LeftBehind(foundation.ledger())
                .outbounds(foundation.mappers().outbounds());
    }

    /** Answers why nothing may be sent before a person has decided; empty when all is well. */
    Optional<String> hold() {
        return hold;
    }

    LedgerWatermark watermark() {
        return watermark;
    }

    /** Answers what a person must know of outbounds that are not configured any more; empty when all is well. */
    Optional<String> leftBehind() {
        return leftBehind.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "The ledger holds unfinished files, unknown leads or undelivered results of outbounds that are"
                                + " not configured: " + String.join(", ", leftBehind) + ". They wait until "
                                + leftBehind.stream()
                                        .map(name -> "outbound." + name + ".id")
                                        .collect(Collectors.joining(" and "))
                                + " is set again: a name must not be changed.");
    }
}
