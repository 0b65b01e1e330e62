package dev.pearlroutes.approval;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.ControlFile;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.ApprovalStore;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.recall.Cancellations;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people drop into an inbox: files, and an empty {@code F.approve} that lets a file F be sent which waits for a person. */
public final class Approvals {
    private static final Logger LOG = LoggerFactory.getLogger(Approvals.class);
    private static final String ENDING = ".approve";

    private final Cancellations cancellations;
    private final ApprovalStore admissions;
    private final DataFolders folders;
    private final AtomicFiles wholeFiles;

    public Approvals(
            Cancellations cancellations, ApprovalStore admissions, DataFolders folders, AtomicFiles wholeFiles) {
        this.cancellations = cancellations;
        this.admissions = admissions;
        this.folders = folders;
        this.wholeFiles = wholeFiles;
    }

    /**
     * Takes a dropped file, as {@link Cancellations#claim} does. An approval is carried out instead, and a notice is left where it is.
     *
     * @return the number of the source to be worked on; null when there is none
     */
    public Long claim(String outbound, Source.Operation operation, File dropped) throws IOException {
        if (operation != Source.Operation.ADD) {
            return cancellations.claim(outbound, operation, dropped);
        }
        if (ControlFile.isNamed(dropped.getName(), ENDING)) {
            approve(outbound, dropped);
            return null;
        }
        return SendLimits.isNotice(dropped.getName()) ? null : cancellations.claim(outbound, operation, dropped);
    }

    /** Each step can be repeated after a crash; the file goes last. */
    private void approve(String outbound, File file) throws IOException {
        ControlFile control = ControlFile.read(file, ENDING);
        if (control == null) {
            return;
        }
        if (!control.text().isEmpty()) {
            refuse(outbound, control, "is not empty");
            return;
        }
        // Asked first: what is judged in between is found waiting.
        boolean undecided = control.waiting().exists() || admissions.undecided(outbound, control.name());
        Optional<Long> source = admissions.waiting(outbound, control.name());
        if (source.isPresent()) {
            admissions.approve(source.get());
            control.carriedOut();
            LOG.info("{} of {} is approved", LogText.printable(control.name()), outbound);
        } else if (!undecided) {
            refuse(outbound, control, "names no lead file of this outbound that waits for an approval");
        }
    }

    private void refuse(String outbound, ControlFile control, String why) throws IOException {
        control.refuse(
                wholeFiles, folders.failed(outbound, Source.Operation.ADD), outbound, why, "nothing was approved");
    }
}
