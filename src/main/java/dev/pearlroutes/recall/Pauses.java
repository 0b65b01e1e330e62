package dev.pearlroutes.recall;

import dev.pearlroutes.files.ControlFile;
import dev.pearlroutes.files.ControlFiles;
import dev.pearlroutes.files.ControlFiles.Result;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.AddLeadHolds;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pauses that people ask for by an empty {@code F.pause} beside a lead file F, or by {@code outbound.pause}: no lead of F, or of the
 * outbound, is added before {@code F.resume}, or {@code outbound.resume}. They are in the ledger, so that they outlast every restart.
 */
public final class Pauses {
    private static final Logger LOG = LoggerFactory.getLogger(Pauses.class);

    /** In the place of F: the outbound itself. No lead file is named so, since each has an ending. */
    private static final String OUTBOUND = "outbound";

    private static final String NOT_EMPTY = "is not empty";

    private final FileIntake fileIntake;
    private final Sources sources;
    private final Ledger ledger;
    private final DataFolders folders;
    private final ControlFiles controlFiles;
    private final AddLeadHolds holds;

    public Pauses(
            FileIntake fileIntake,
            Sources sources,
            Ledger ledger,
            DataFolders folders,
            ControlFiles controlFiles,
            AddLeadHolds holds) {
        this.fileIntake = fileIntake;
        this.sources = sources;
        this.ledger = ledger;
        this.folders = folders;
        this.controlFiles = controlFiles;
        this.holds = holds;
    }

    /** Loads what was paused before, and logs it. Comes before any file is taken. */
    public void recoverAtStart() {
        for (String outbound : ledger.transaction(tx -> tx.meta().pausedOutbounds())) {
            holds.pause(outbound);
            LOG.info("{} is still paused: drop an empty outbound.resume into its inbox to send its leads", outbound);
        }
        for (long id : ledger.transaction(tx -> tx.meta().pausedSources())) {
            Optional<Source> source = sources.find(id).filter(this::canSend);
            if (source.isPresent()) {
                holds.pause(id);
                LOG.info(
                        "{} of {} is still paused",
                        LogText.printable(source.get().name()),
                        source.get().outbound());
            } else {
                ledger.execute(tx -> tx.meta().resume(id));
            }
        }
    }

    /** Carries out what lies in the inbox of an outbound, in the order in which it was dropped. Comes before any file is taken. */
    public void recoverAtStart(String outbound) {
        File[] dropped = folders.inbox(outbound)
                .toFile()
                .listFiles((folder, name) ->
                        ControlFile.isNamed(name, ControlFile.PAUSE) || ControlFile.isNamed(name, ControlFile.RESUME));
        if (dropped != null) {
            Arrays.sort(dropped, Comparator.comparingLong(File::lastModified));
            for (File file : dropped) {
                try {
                    carryOut(outbound, file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void carryOut(String outbound, File file) throws IOException {
        if (file.getName().endsWith(ControlFile.PAUSE)) {
            pause(outbound, file);
        } else {
            resume(outbound, file);
        }
    }

    /** Carries out {@code F.pause} or {@code outbound.pause}; where F is being written, when that is complete. */
    public void pause(String outbound, File file) throws IOException {
        controlFiles.carryOut(
                outbound, file, ControlFile.PAUSE, "nothing was paused", control -> pause(outbound, control));
    }

    /** Carries out {@code F.resume} or {@code outbound.resume}. */
    public void resume(String outbound, File file) throws IOException {
        controlFiles.carryOut(
                outbound, file, ControlFile.RESUME, "nothing was resumed", control -> resume(outbound, control));
    }

    /** Counts the paused outbounds; asking never waits for the ledger. */
    public int outbounds() {
        return holds.pausedOutbounds().size();
    }

    /** Counts the unfinished files that are paused by themselves; asking never waits for the ledger. */
    public long files() {
        return holds.pausedSources().stream().filter(sources::isOpen).count();
    }

    private Result pause(String outbound, ControlFile control) throws IOException {
        if (!control.text().isEmpty()) {
            return Result.refused(NOT_EMPTY);
        }
        Instant asked = Instant.ofEpochMilli(control.file().lastModified());
        if (control.name().equals(OUTBOUND)) {
            return pauseOutbound(outbound, asked);
        }
        File waiting = control.waiting();
        Optional<Long> claimed = Optional.empty();
        if (waiting.exists()) {
            claimed = fileIntake.isComplete(waiting)
                    ? Optional.ofNullable(fileIntake.claim(outbound, Source.Operation.ADD, waiting))
                    : Optional.empty();
            if (claimed.isEmpty()) {
                return Result.later();
            }
        }
        Optional<Source> source =
                claimed.or(() -> newest(outbound, control.name())).flatMap(sources::find);
        if (source.isEmpty()) {
            return Result.refused("names no lead file of this outbound that is waiting or being sent");
        }
        claimed.ifPresent(fileIntake::keep);
        Result result = pauseSource(source.get(), asked);
        claimed.ifPresent(sources::release);
        return result;
    }

    /** Holds the leads of an outbound, as {@code outbound.pause} does. @param asked when a person asked for it */
    public Result pauseOutbound(String outbound, Instant asked) {
        ledger.execute(tx -> tx.meta().pause(outbound, asked));
        holds.pause(outbound);
        return Result.done("paused");
    }

    /** Holds the leads of a source, as {@code F.pause} does. @param asked when a person asked for it */
    public Result pauseSource(Source source, Instant asked) {
        if (source.operation() != Source.Operation.ADD || !canSend(source)) {
            return Result.refused("names a lead file of which nothing is left to be sent");
        }
        ledger.execute(tx -> tx.meta().pause(source.id(), asked));
        holds.pause(source.id());
        return Result.done("paused");
    }

    private Result resume(String outbound, ControlFile control) {
        if (!control.text().isEmpty()) {
            return Result.refused(NOT_EMPTY);
        }
        File pause = new File(control.file().getParentFile(), control.name() + ControlFile.PAUSE);
        if (pause.exists() && pause.lastModified() <= control.file().lastModified()) {
            // The earlier of the two is carried out first.
            return Result.later();
        }
        if (control.name().equals(OUTBOUND)) {
            return resumeOutbound(outbound);
        }
        Optional<Source> paused = ledger.transaction(tx -> tx.meta().pausedSources()).stream()
                .map(sources::find)
                .flatMap(Optional::stream)
                .filter(source -> source.outbound().equals(outbound))
                .filter(source -> source.name().equals(control.name())
                        || source.droppedAs().equals(control.name()))
                .max(Comparator.comparingLong(Source::id));
        if (paused.isEmpty()) {
            return newest(outbound, control.name()).isPresent()
                    ? Result.done(resumed(false))
                    : Result.refused("names no lead file of this outbound that is paused");
        }
        return resumeSource(paused.get());
    }

    /** Lets the leads of an outbound go, as {@code outbound.resume} does. */
    public Result resumeOutbound(String outbound) {
        boolean paused = ledger.transaction(tx -> tx.meta().resume(outbound));
        holds.resume(outbound);
        return Result.done(resumed(paused));
    }

    /** Lets the leads of a source go, as {@code F.resume} does. */
    public Result resumeSource(Source source) {
        boolean paused = ledger.transaction(tx -> tx.meta().resume(source.id()));
        holds.resume(source.id());
        return Result.done(resumed(paused));
    }

    private static String resumed(boolean paused) {
        return paused ? "resumed" : "not paused, so there was nothing to resume";
    }

    private Optional<Long> newest(String outbound, String name) {
        return ledger.transaction(tx -> tx.sourceDecisions().newestNamed(outbound, name));
    }

    /** Tells whether a lead of a source may still be sent: it is not cancelled, and is unfinished or has unknown leads. */
    private boolean canSend(Source source) {
        return !ledger.transaction(tx -> tx.sourceDecisions().isCancelled(source.id()))
                && (source.unfinished() || sources.anyUnknown(source));
    }
}
