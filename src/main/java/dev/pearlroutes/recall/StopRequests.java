package dev.pearlroutes.recall;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.model.CallableLead;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Makes sources of leads that are to be stopped, which are then worked on as dropped files of updates are. */
public final class StopRequests {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Sources sources;
    private final DataFolders folders;
    private final AtomicFiles atomicFiles;
    private final Shutdown shutdown;
    private final Clock clock;

    public StopRequests(Sources sources, DataFolders folders, AtomicFiles atomicFiles, Shutdown shutdown, Clock clock) {
        this.sources = sources;
        this.folders = folders;
        this.atomicFiles = atomicFiles;
        this.shutdown = shutdown;
        this.clock = clock;
    }

    /** What makes the source of one that is due. */
    @FunctionalInterface
    public interface Making<K> {
        void make(K due) throws IOException;
    }

    /**
     * Makes the sources that are due: of an outbound one at a time, so that what the last one has stopped is marked in the ledger
     * when the next is made.
     *
     * @param due those that may have leads to be stopped; each is taken out, and put back where its source could not be made
     * @param outbound of one that is due
     */
    public <K> void makeDue(Set<K> due, Function<K, String> outbound, Source.Operation operation, Making<K> making)
            throws IOException {
        for (K each : List.copyOf(due)) {
            if (!shutdown.requested() && !sources.anyUnfinished(outbound.apply(each), operation)) {
                // Before the ledger is read: what is accepted from here on needs another look.
                due.remove(each);
                try {
                    making.make(each);
                } catch (IOException | RuntimeException e) {
                    due.add(each);
                    throw e;
                }
            }
        }
    }

    /**
     * Makes a source, unless there is nothing to stop.
     *
     * @param beginning of its name, which the time follows
     * @return how many leads are in it
     */
    public long make(String outbound, Source.Operation operation, String beginning, Iterator<CallableLead> leads)
            throws IOException {
        if (!leads.hasNext()) {
            return 0;
        }
        Instant now = clock.instant();
        String name = beginning + "-" + TIME.format(now) + ".csv";
        Source source = sources.claim(outbound, operation, name, name, now);
        try (AtomicFiles.Draft draft = atomicFiles.draft(folders.work(source).resolve(name))) {
            CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(draft.writer());
            csv.writeRecord("leadId", "externalId");
            long count = 0;
            for (; leads.hasNext(); count++) {
                CallableLead lead = leads.next();
                csv.writeRecord(lead.leadId(), lead.externalId());
            }
            csv.flush();
            draft.finish();
            return count;
        } catch (IOException | RuntimeException e) {
            sources.withdraw(source.id());
            throw e;
        } finally {
            // From here on it is an unfinished source like any other, and is taken up.
            sources.release(source.id());
        }
    }
}
