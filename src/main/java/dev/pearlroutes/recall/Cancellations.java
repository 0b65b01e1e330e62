package dev.pearlroutes.recall;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.ControlFile;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.StableFileFilter;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.ledger.Cancels;
import dev.pearlroutes.ledger.Sources;
import dev.pearlroutes.ledger.StoppedLeads;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.WithheldException;
import dev.pearlroutes.sending.Batch;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people drop into an inbox: files, and {@code F.cancel} beside them, which stops what is not yet sent of F and, when it
 * says {@code recall}, the leads already sent as well.
 */
public final class Cancellations {
    private static final Logger LOG = LoggerFactory.getLogger(Cancellations.class);
    private static final String ENDING = ".cancel";
    private static final String RECALL = "recall";
    private static final int PAGE = 1_000;

    private final FileIntake leadFiles;
    private final Cancels cancels;
    private final Sources sources;
    private final StoppedLeads stops;
    private final StopRequests stopFiles;
    private final DataFolders folders;
    private final AtomicFiles wholeFiles;
    private final CircuitBreakers breakers;
    private final Map<Long, Cancels.Cancelled> cancelled = new ConcurrentHashMap<>();
    /** Recalled sources that may have leads to be stopped. */
    private final Set<Long> toRecall = ConcurrentHashMap.newKeySet();

    public Cancellations(
            FileIntake leadFiles,
            Cancels cancels,
            Sources sources,
            StoppedLeads stops,
            StopRequests stopFiles,
            DataFolders folders,
            AtomicFiles wholeFiles,
            CircuitBreakers breakers) {
        this.leadFiles = leadFiles;
        this.cancels = cancels;
        this.sources = sources;
        this.stops = stops;
        this.stopFiles = stopFiles;
        this.folders = folders;
        this.wholeFiles = wholeFiles;
        this.breakers = breakers;
    }

    /** Takes up what was cancelled before, and what lies in an inbox. To be called before any file is taken. */
    public void takeStock(String outbound) {
        known();
        File[] dropped = folders.inbox(outbound).toFile().listFiles((folder, name) -> isCancel(name));
        for (File file : dropped == null ? new File[0] : dropped) {
            try {
                cancel(outbound, file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Takes a dropped file, as {@link FileIntake#claim} does. One that names another with {@code .cancel} behind it is carried
     * out instead, and the other is left to it.
     *
     * @return the number of the source to be worked on; null when there is none
     */
    public Long claim(String outbound, Source.Operation operation, File dropped) throws IOException {
        if (operation != Source.Operation.ADD) {
            return leadFiles.claim(outbound, operation, dropped);
        }
        if (isCancel(dropped.getName())) {
            cancel(outbound, dropped);
            return null;
        }
        File cancel = new File(dropped.getParentFile(), dropped.getName() + ENDING);
        return cancel.exists() ? null : leadFiles.claim(outbound, operation, dropped);
    }

    /** Whether nothing more of a source may be sent. */
    public boolean isCancelled(long sourceId) {
        return cancelled.containsKey(sourceId);
    }

    /** The last check before a request. @throws WithheldException when the source it belongs to is cancelled */
    public void check(AddLeadRequest request) {
        if (isCancelled(request.sourceId())) {
            throw new WithheldException(Answer.Kind.CANCELLED, Batch.CANCELLED);
        }
    }

    /** To be told of leads that can be called from now on, which may be those of a recalled source. */
    public void callable(String outbound, byte[] phone) {
        cancelled.values().stream()
                .filter(source -> source.recall() && source.outbound().equals(outbound))
                .forEach(source -> toRecall.add(source.sourceId()));
    }

    /** Makes sources of the leads that recalled files have sent. */
    public void recall() throws IOException {
        for (long sourceId : List.copyOf(toRecall)) {
            Cancels.Cancelled source = cancelled.get(sourceId);
            if (!breakers.shutdown().requested() && stopFiles.mayMake(source.outbound(), Source.Operation.RECALL)) {
                // Before the ledger is read: what is told from here on needs another look.
                toRecall.remove(sourceId);
                try {
                    long leads = stopFiles.make(
                            source.outbound(),
                            Source.Operation.RECALL,
                            source.name() + ".recalled",
                            stops.callable(sourceId, PAGE).iterator());
                    if (leads > 0) {
                        LOG.info(
                                "{} of {} is recalled: {}",
                                source.name(),
                                source.outbound(),
                                LogText.count(leads, "lead"));
                    }
                } catch (IOException | RuntimeException e) {
                    toRecall.add(sourceId);
                    throw e;
                }
            }
        }
    }

    /** Each step can be repeated after a crash; the file goes last. */
    private void cancel(String outbound, File file) throws IOException {
        ControlFile control = ControlFile.read(file, ENDING);
        if (control == null) {
            return;
        }
        boolean recall = control.text().equalsIgnoreCase(RECALL);
        if (!control.text().isEmpty() && !recall) {
            refuse(outbound, control, "says neither nothing, to send no more of the file, nor `recall`");
            return;
        }
        File waiting = control.waiting();
        if (waiting.exists() && !StableFileFilter.isQuiet(waiting, waiting.lastModified())) {
            // It is still being written, and is cancelled when it is complete.
            return;
        }
        Optional<Long> source = Optional.empty();
        if (waiting.exists()) {
            source = Optional.ofNullable(leadFiles.claim(outbound, Source.Operation.ADD, waiting));
        }
        boolean claimed = source.isPresent();
        source = claimed ? source : cancels.named(outbound, control.name());
        if (source.isEmpty()) {
            refuse(outbound, control, "names no lead file of this outbound that is waiting, being sent or done");
            return;
        }
        if (claimed) {
            // Back in the inbox after a power cut, and with the other file gone, it would be sent.
            leadFiles.keep(source.get());
        }
        cancels.cancel(source.get(), recall);
        known();
        if (claimed) {
            sources.release(source.get());
        }
        breakers.wake();
        control.carriedOut();
        LOG.info("{} of {} is {}", LogText.printable(control.name()), outbound, recall ? "recalled" : "cancelled");
    }

    private void refuse(String outbound, ControlFile control, String why) throws IOException {
        control.refuse(
                wholeFiles, folders.failed(outbound, Source.Operation.ADD), outbound, why, "nothing was cancelled");
    }

    /** Takes in what the ledger knows to be cancelled. */
    private void known() {
        for (Cancels.Cancelled source : cancels.all()) {
            cancelled.put(source.sourceId(), source);
            if (source.recall()) {
                toRecall.add(source.sourceId());
            }
        }
    }

    private static boolean isCancel(String name) {
        return ControlFile.isNamed(name, ENDING);
    }
}
