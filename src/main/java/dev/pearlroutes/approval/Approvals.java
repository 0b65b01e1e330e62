package dev.pearlroutes.approval;

import dev.pearlroutes.files.ControlFile;
import dev.pearlroutes.files.ControlFiles;
import dev.pearlroutes.files.ControlFiles.Result;
import dev.pearlroutes.model.Source;
import java.io.File;
import java.io.IOException;
import java.util.Optional;

/** The approvals that people drop into an inbox: an empty {@code F.approve} lets a file F be sent that waits for a person. */
public final class Approvals {
    private final ApprovalStore store;
    private final ControlFiles controlFiles;

    public Approvals(ApprovalStore store, ControlFiles controlFiles) {
        this.store = store;
        this.controlFiles = controlFiles;
    }

    /** Carries out {@code F.approve}; one for a file that is not judged yet is carried out later. */
    public void approve(String outbound, File file) throws IOException {
        controlFiles.carryOut(
                outbound, file, ControlFile.APPROVE, "nothing was approved", control -> approve(outbound, control));
    }

    private Result approve(String outbound, ControlFile control) {
        if (!control.text().isEmpty()) {
            return Result.refused("is not empty");
        }
        // Asked first: what is judged in between is found waiting.
        boolean undecided = control.waiting().exists() || store.undecided(outbound, control.name());
        Optional<Long> source = store.waiting(outbound, control.name());
        if (source.isPresent()) {
            store.approve(source.get());
            return Result.done("approved");
        }
        return undecided
                ? Result.later()
                : Result.refused("names no lead file of this outbound that waits for an approval");
    }

    /** Lets a source be sent that waits for a person, as {@code F.approve} does. */
    public Result approveSource(Source source) {
        boolean asked = source.operation() == Source.Operation.ADD
                && store.waiting(source.outbound(), source.name())
                        .filter(id -> id == source.id())
                        .isPresent();
        if (!asked) {
            return Result.refused("names no source of leads that waits for an approval");
        }
        store.approve(source.id());
        return Result.done("approved");
    }
}
