package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.sending.UnknownLeads;
import dev.pearlroutes.updates.FailedStops;
import java.util.List;

/** The files that are not finished, how far they are, and the leads that a person may have to decide on. */
public final class FileStatus implements StatusPart {
    private static final int MOST = 200;

    private final Ledger ledger;
    private final SourceDescriptions descriptions;
    private final UnknownLeads unknownLeads;
    private final FailedStops failedStops;

    public FileStatus(
            Ledger ledger, SourceDescriptions descriptions, UnknownLeads unknownLeads, FailedStops failedStops) {
        this.ledger = ledger;
        this.descriptions = descriptions;
        this.unknownLeads = unknownLeads;
        this.failedStops = failedStops;
    }

    @Override
    public void addTo(ObjectNode status) {
        status.put("unknown", unknownLeads.count());
        unknownLeads.oldest().ifPresent(oldest -> status.put("unknownSince", oldest.toString()));
        status.put(
                "failedStops",
                failedStops.outbounds().stream().mapToLong(failedStops::count).sum());
        // Asking the ledger while it cannot be written would wait for it; health says that.
        if (ledger.problem().isPresent()) {
            return;
        }
        List<Source> all = ledger.read(tx -> tx.sources().unfinishedFiles());
        status.put("unfinishedFiles", all.size());
        ArrayNode files = status.putArray("files");
        for (Source file : all.subList(0, Math.min(MOST, all.size()))) {
            ObjectNode told = files.addObject();
            descriptions.describe(told, file);
            descriptions.describeProgress(told, file);
        }
    }
}
