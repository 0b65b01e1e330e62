package dev.pearlroutes.receipts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.intake.FileIntake;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.tables.SourceTable.Outdated;
import dev.pearlroutes.model.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The receipts that are out of date, because unknown rows were settled since: each is rewritten from time to time. */
public final class ReceiptRefresh {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Sources sources;
    private final FileIntake fileIntake;
    private final Receipts receipts;
    private final ReceiptFiles receiptFiles;
    private final Events events;
    private final Clock clock;
    private final Map<Long, Instant> refreshed = new ConcurrentHashMap<>();
    /** Sources whose last refresh failed: they are left alone as long as those of which more are unknown. */
    private final Set<Long> failing = ConcurrentHashMap.newKeySet();

    public ReceiptRefresh(
            Sources sources,
            FileIntake fileIntake,
            Receipts receipts,
            ReceiptFiles receiptFiles,
            Events events,
            Clock clock) {
        this.sources = sources;
        this.fileIntake = fileIntake;
        this.receipts = receipts;
        this.receiptFiles = receiptFiles;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Rewrites the files of a finished source. While rows of it are unknown that is done from time to time only, since each writing
     * reads the whole source.
     */
    public void refresh(Outdated outdated) {
        fileIntake.whileFinished(outdated.source(), source -> {
            try {
                refresh(new Outdated(source, outdated.at()), source);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void refresh(Outdated outdated, Source source) throws IOException {
        if (!fileIntake.knows(source)) {
            // How its file is to be read is not known until its outbound is configured again.
            return;
        }
        if (source.operation() == Source.Operation.CHECK) {
            // A person was erased from it, and only another check can say what would become of its rows.
            receipts.removeResults(source);
            sources.covered(outdated, null);
            return;
        }
        Instant now = clock.instant();
        Instant last = refreshed.getOrDefault(source.id(), Instant.MIN);
        // Asked each second: the rows are counted only when the receipt is written.
        if (now.isBefore(last.plus(INTERVAL)) && (failing.contains(source.id()) || sources.anyUnknown(source))) {
            return;
        }
        refreshed.put(source.id(), now);
        failing.add(source.id());
        ObjectNode receipt = receiptFiles.of(source);
        boolean settled = receipt.get("unknown").asLong() == 0;
        receipts.rewrite(source, receipt);
        sources.covered(outdated, settled ? events.ofSettledFile(source, receipt) : null);
        failing.remove(source.id());
        if (settled) {
            refreshed.remove(source.id());
        }
    }
}
