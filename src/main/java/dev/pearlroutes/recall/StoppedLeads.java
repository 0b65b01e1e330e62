package dev.pearlroutes.recall;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.CallableLead;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The accepted leads that were not stopped, as far as the ledger knows, read page by page, so that sending never waits long. */
public final class StoppedLeads {
    private final Ledger ledger;

    public StoppedLeads(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Reads the leads of an outbound that may be called. */
    public Stream<CallableLead> callable(String outbound, int page) {
        return pages(after -> ledger.read(tx -> tx.leadRows().callable(outbound, after, page)));
    }

    /** Reads the same of one source, without those that an update has let be called again. */
    public Stream<CallableLead> callable(long sourceId, int page) {
        return pages(after -> ledger.read(tx -> tx.leadRows().callable(sourceId, after, page)));
    }

    /** @param after reads the page behind a lead; null for the first */
    private static Stream<CallableLead> pages(Function<CallableLead, List<CallableLead>> after) {
        return Stream.iterate(
                        after.apply(null), leads -> !leads.isEmpty(), leads -> after.apply(leads.get(leads.size() - 1)))
                .flatMap(List::stream);
    }
}
