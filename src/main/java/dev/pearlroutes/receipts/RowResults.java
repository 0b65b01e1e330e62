package dev.pearlroutes.receipts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.SourceTable.Outdated;
import dev.pearlroutes.model.RowResult;
import dev.pearlroutes.model.Source;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The results of a source's rows as the ledger has them, and the sources whose outcomes files lack some. */
public final class RowResults {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Ledger ledger;

    public RowResults(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Reads the results by row number, for rows {@code from} to {@code to}, both included. */
    Map<Long, RowResult> of(Source source, long from, long to) {
        return ledger.read(tx -> tx.callOutcomes().results(source.id(), from, to));
    }

    /** Lists the ids of the variables that the calls to these rows collected. */
    Set<String> collectedIds(Source source, long from, long to) {
        Set<String> ids = new HashSet<>();
        for (String collected : ledger.read(tx -> tx.callOutcomes().collected(source.id(), from, to))) {
            parse(collected).fieldNames().forEachRemaining(ids::add);
        }
        return ids;
    }

    /** Parses what a call has collected. */
    static JsonNode parse(String collected) {
        try {
            return JSON.readTree(collected);
        } catch (JsonProcessingException e) {
            // Without its cause, which may quote the data.
            throw new IllegalStateException("the ledger holds collected data that are no JSON");
        }
    }

    /** Lists the finished sources whose outcomes files are out of date. */
    public List<Outdated> outdated() {
        return ledger.transaction(tx -> tx.sources().outdatedOutcomes());
    }

    /** Notes that the outcomes file has this change; what changed while it was written is still to be written. */
    void written(Outdated outdated) {
        ledger.execute(tx -> tx.sources().outcomesWritten(outdated));
    }
}
