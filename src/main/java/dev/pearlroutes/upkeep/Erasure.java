package dev.pearlroutes.upkeep;

import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.LeadTable;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.CellText;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The erasure of a person from the ledger. That a row had an outcome stays, so that receipts still add up; its key, its
 * hashes and its leadId go, so that nothing of the person is known any more, not even that a lead dropped later is the same.
 */
public final class Erasure {
    /** Reason of a row that was erased, and text in the place of its cells. */
    public static final String ERASED = LeadTable.ERASED;

    private final Ledger ledger;

    public Erasure(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Reads the body of a request; empty when it is finished, and for every other source. */
    Optional<byte[]> body(Source source) {
        return ledger.transaction(tx -> tx.requests().body(source.id()));
    }

    /** Lists all sources of an outbound, oldest first. */
    List<Source> sources(String outbound) {
        return ledger.transaction(tx -> tx.sources().ofOutbound(outbound));
    }

    /**
     * Lists the externalIds under which leads with this number were sent, the derived one among them. Words for nothing, which former
     * versions took as ids, are of many persons and left out.
     */
    Set<String> externalIds(String outbound, String phoneNumber) {
        List<String> known = ledger.transaction(
                tx -> tx.leadKeys().externalIds(outbound, ledger.keyedHash().of(phoneNumber)));
        Set<String> ids = new TreeSet<>(known);
        ids.removeIf(id -> CellText.isNothing(CellText.clean(id)));
        ids.add(ledger.keyedHash().derivedExternalId(outbound, phoneNumber));
        return ids;
    }

    /** Lists the spellings under which leads with an externalId were sent before ids were cleaned, and the clean one. */
    Set<String> spellings(String outbound, String externalId) {
        Set<String> ids = ledger.transaction(tx -> tx.leadKeys().formerSpellings(outbound, externalId));
        ids.add(externalId);
        return ids;
    }

    /** Lists the rows of a source that the ledger knows under an id or the number of a person. */
    Set<Long> rows(Source source, Person person) {
        return ledger.transaction(tx -> {
            Set<Long> rows = new TreeSet<>();
            person.externalIds().forEach(id -> rows.addAll(tx.leadKeys().rows(source.id(), id)));
            if (person.phoneNumber() != null) {
                rows.addAll(tx.leadKeys().rows(source, ledger.keyedHash().of(person.phoneNumber())));
            }
            return rows;
        });
    }

    /**
     * The rows of a person in a source.
     *
     * @param sha256 of the source's file or body once these rows are masked in it; null when there is none
     * @param body of an unfinished request, with these rows masked; null for every other source
     */
    public record Rows(Source source, Set<Long> numbers, String sha256, byte[] body) {
        public Rows(Source source, Set<Long> numbers, String sha256) {
            this(source, numbers, sha256, null);
        }
    }

    /**
     * Erases a person's rows in all sources at once: in between some would be forgotten by which others are found. One that
     * was still unknown is cancelled: it can't be looked up any more.
     */
    public void erase(List<Rows> person, Instant at) {
        ledger.execute(tx -> {
            for (Rows rows : person) {
                long source = rows.source().id();
                tx.leads().erase(source, rows.numbers());
                tx.callOutcomes().delete(source, rows.numbers());
                tx.calls().forget(source, rows.numbers());
                if (rows.sha256() != null) {
                    tx.sources().replaceSha256(source, rows.sha256());
                }
                tx.sources().forgetKey(source);
                if (rows.body() != null) {
                    tx.requests().replace(source, rows.body());
                }
                tx.sources().markChanged(source, at);
            }
            tx.failedStops().removeErased();
        });
    }

    /** Makes sure that waiting calls which are about the person are not published any more. @return how many */
    int eraseCalls(String outbound, Predicate<String> about) {
        return ledger.transaction(tx -> tx.calls().forgetWaiting(outbound, about));
    }

    /** Deletes the events of an outbound that wait or are kept and are about the person. @return how many */
    int eraseEvents(String outbound, Predicate<String> about) {
        return ledger.transaction(tx -> tx.events().delete(outbound, about));
    }
}
