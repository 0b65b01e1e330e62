package dev.pearlroutes.suppression;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.pearlroutes.leads.Folders;
import dev.pearlroutes.leads.WholeFiles;
import dev.pearlroutes.ledger.Source;
import dev.pearlroutes.ledger.Sources;
import dev.pearlroutes.ledger.Stops;
import dev.pearlroutes.nlpearl.Lines;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the leads that were sent before their number came onto a list: makes a source of them, which is worked on as a dropped
 * file of updates is. One source an outbound at a time, so that the marks of the last one are there when the next is made; and
 * whatever a crash interrupts, the check at the next start finds what is left.
 */
public final class SuppressedLeads {
    private static final Logger LOG = LoggerFactory.getLogger(SuppressedLeads.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int PAGE = 1_000;

    private final Suppression suppression;
    private final Stops stops;
    private final Sources sources;
    private final Folders folders;
    private final WholeFiles wholeFiles;
    private final Lines lines;
    private final Clock clock;

    public SuppressedLeads(
            Suppression suppression,
            Stops stops,
            Sources sources,
            Folders folders,
            WholeFiles wholeFiles,
            Lines lines,
            Clock clock) {
        this.suppression = suppression;
        this.stops = stops;
        this.sources = sources;
        this.folders = folders;
        this.wholeFiles = wholeFiles;
        this.lines = lines;
        this.clock = clock;
    }

    /** Makes the sources that are due. */
    public void stop() throws IOException {
        for (String outbound : List.copyOf(suppression.toCheck())) {
            if (!lines.stopping() && !sources.anyUnfinished(outbound, Source.Operation.SUPPRESS)) {
                // Before the ledger is read: what is told from here on needs another check.
                suppression.toCheck().remove(outbound);
                try {
                    stop(outbound);
                } catch (IOException | RuntimeException e) {
                    suppression.toCheck().add(outbound);
                    throw e;
                }
            }
        }
    }

    private void stop(String outbound) throws IOException {
        Suppression.InForce inForce = suppression.inForce(outbound);
        if (inForce == null) {
            return;
        }
        Iterator<Stops.CallableLead> suppressed = stops.callable(outbound, PAGE)
                .filter(lead -> inForce.hasNumber(lead.phone()))
                .iterator();
        if (!suppressed.hasNext()) {
            return;
        }
        Instant now = clock.instant();
        String name = "suppressed-" + TIME.format(now) + ".csv";
        Source source = sources.claim(outbound, Source.Operation.SUPPRESS, name, name, now);
        long leads = 0;
        try (WholeFiles.Draft draft = wholeFiles.draft(folders.work(source).resolve(name))) {
            CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(draft.writer());
            csv.writeRecord("leadId", "externalId");
            for (; suppressed.hasNext(); leads++) {
                Stops.CallableLead lead = suppressed.next();
                csv.writeRecord(lead.leadId(), lead.externalId());
            }
            csv.flush();
            draft.finish();
        } catch (IOException | RuntimeException e) {
            sources.withdraw(source.id());
            throw e;
        } finally {
            // From here on it is an unfinished source like another, which is taken up.
            sources.release(source.id());
        }
        LOG.info("{} leads of {} are on a suppression list now and are stopped", leads, outbound);
    }
}
