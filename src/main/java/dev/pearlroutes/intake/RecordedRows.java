package dev.pearlroutes.intake;

import dev.pearlroutes.ledger.KeyedHash;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.LeadRows.RowKeys;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.CellText;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The rows that the ledger has of a file, held against those that the file reads as now. The ledger knows rows by their numbers, and
 * another version of the program, or another mapping, may read other rows in the same bytes: outcomes must not come to other rows.
 */
public final class RecordedRows {
    private static final int PAGE = 500;

    private final Ledger ledger;
    /** Sources that were compared by this process, which reads a file always alike. */
    private final Set<Long> compared = ConcurrentHashMap.newKeySet();

    public RecordedRows(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * What a row is known by now; each is null when the row has none.
     *
     * @param formerId what named its lead before ids were cleaned
     * @param phoneNumber E.164
     * @param body request body of Add Lead
     * @param leadId the API's id that the row gives
     */
    public record Known(String externalId, String formerId, String phoneNumber, String body, String leadId) {
        @Override
        public String toString() {
            return "Known[…]";
        }
    }

    /**
     * Makes sure that a file that is taken up again still has the rows that the ledger has of it.
     *
     * @param known what a row is known by
     * @throws UnreadableSourceException when a row differs, and nothing more of the file may be worked on
     */
    public void check(SourceRun run, Function<Row, Known> known) {
        Source source = run.source();
        if (run.isNew() || source.message() || compared.contains(source.id())) {
            return;
        }
        long last = ledger.read(tx -> tx.leadRows().last(source.id()));
        if (last > 0) {
            check(run, last, known);
        }
        compared.add(source.id());
    }

    private void check(SourceRun run, long last, Function<Row, Known> known) {
        Source source = run.source();
        try (RowReader reader = run.open()) {
            // In the masked copy of an erasure, and in JSON, the row of a number may be on another line than it was.
            boolean lines = reader.tabular() && !ledger.read(tx -> tx.leadRows().anyErased(source.id()));
            long read = 0;
            while (read < last && reader.hasNext()) {
                List<Row> page = reader.next(PAGE);
                read = page.get(page.size() - 1).number();
                Map<Long, RowKeys> recorded = recorded(source, page.get(0).number(), read);
                for (Row row : page) {
                    RowKeys keys = recorded.get(row.number());
                    if (keys != null && differs(keys, row, known.apply(row), lines)) {
                        throw new UnreadableSourceException(
                                "the row on line " + row.line() + " is not row " + row.number()
                                        + " as the file was read when it was begun, by another version of this program or under"
                                        + " another mapping: give it again, what was sent of it is a duplicate then",
                                row.line());
                    }
                }
            }
        }
    }

    private Map<Long, RowKeys> recorded(Source source, long from, long to) {
        return ledger.read(tx -> tx.leadRows().keys(source, from, to));
    }

    /** Any key that is the same shows the row: an update may have changed the others since. */
    private boolean differs(RowKeys recorded, Row row, Known now, boolean lines) {
        KeyedHash hash = ledger.keyedHash();
        String id = recorded.externalId() == null ? "" : CellText.clean(CellText.unwrapped(recorded.externalId()));
        if (now.phoneNumber() != null && Arrays.equals(hash.of(now.phoneNumber()), recorded.phone())
                || now.body() != null && Arrays.equals(hash.content(now.body()), recorded.content())) {
            return false;
        }
        if (now.leadId() != null && recorded.leadId() != null) {
            return !now.leadId().equals(recorded.leadId());
        }
        if (now.externalId() != null && !CellText.isNothing(id)) {
            return !id.equals(now.externalId()) && !recorded.externalId().equals(now.formerId());
        }
        return lines && recorded.line() != row.line();
    }

    /**
     * Makes sure that a finished file still reads as the rows that the ledger has of it, before files beside it are written by their
     * numbers.
     *
     * @param rows how many it reads as
     * @throws UnreadableSourceException when it reads as more or fewer
     */
    public static void checkCount(Source source, long rows) {
        if (source.rows() != null && source.rows() != rows) {
            throw new UnreadableSourceException(otherCount(source, rows));
        }
    }

    static UnreadableSourceException recounted(Source source, long rows) {
        return new UnreadableSourceException(
                otherCount(source, rows) + ": give it again, what was sent of it is a duplicate then");
    }

    private static String otherCount(Source source, long rows) {
        return "reads as " + rows + " rows now, and as " + source.rows()
                + " when it was begun, by another version of this program";
    }
}
