package dev.pearlroutes.ledger.tables;

import dev.pearlroutes.model.LeadRef;
import dev.pearlroutes.model.Origin;
import dev.pearlroutes.model.Source;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads leads of table {@code lead} by their keys: externalId, hash of the number, the API's id. */
public final class LeadKeys {
    /** In the words of the indexes, else they are not used. */
    private static final String HOLDING = " AND state IN ('sending', 'accepted', 'unknown')";

    private static final String HOLDERS =
            "SELECT l.source_id, s.name, l.line, l.external_id, l.content, l.phone, l.turn, l.state = 'unknown' AS undecided,"
                    + " l.state <> 'accepted' OR l.at > ? OR l.source_id = ? AS holds FROM lead l JOIN source s ON s.id = l.source_id"
                    + " WHERE l.outbound = ? AND l.state IN ('sending', 'accepted', 'unknown')";

    private static final String REFS =
            "SELECT l.source_id, l.row_no, l.external_id, l.lead_id, s.name, s.dropped_as, s.queue, l.line, s.started_at"
                    + " FROM lead l JOIN source s ON s.id = l.source_id WHERE ";

    private final Sql sql;

    public LeadKeys(Sql sql) {
        this.sql = sql;
    }

    /**
     * A lead that holds a key, or held it.
     *
     * @param file name of its source
     * @param content keyed hash of its request body
     * @param phone keyed hash of its number
     * @param generation how many leads had its externalId when its intent was made
     * @param undecided whether a person may have to decide on it before its keys are free
     * @param holds whether it holds its keys still
     */
    public record Holder(
            long sourceId,
            String file,
            long line,
            String externalId,
            byte[] content,
            byte[] phone,
            int generation,
            boolean undecided,
            boolean holds) {}

    /** The questions for the holders of keys, prepared for many rows of a source. */
    public static final class Holders implements AutoCloseable {
        private final Sql sql;
        private final Sql.Query byExternalId;
        private final Sql.Query byPhone;
        private final Object[] common;
        private final boolean anyUnclean;
        private Sql.Query byIdAndPhone;
        private Sql.Query byCleanId;

        /** Who has the keys that were asked for together, the newest for each; a key that nobody has is missing. */
        private final Map<Object, Holder> newest = new HashMap<>();

        private final Set<Object> asked = new HashSet<>();

        private Holders(Sql sql, Source source, Instant heldSince, boolean phones) {
            this.sql = sql;
            this.byExternalId = sql.prepare(HOLDERS + " AND l.external_id = ? ORDER BY l.turn DESC");
            this.byPhone =
                    phones ? sql.prepare(HOLDERS + " AND l.phone = ? ORDER BY l.source_id DESC, l.row_no DESC") : null;
            this.common = new Object[] {heldSince, source.id(), source.outbound()};
            this.anyUnclean = sql.exists(
                    "SELECT 1 FROM lead" + sql.dialect().byIndex("lead_clean_id") + " WHERE outbound = ?" + HOLDING
                            + sql.dialect().unclean() + " LIMIT 1",
                    source.outbound());
        }

        /** Tells whether many questions are better asked together: where each has a way to go. */
        public boolean far() {
            return sql.dialect() == Dialect.POSTGRESQL;
        }

        /**
         * Asks for many keys at once; the questions below are answered out of that then.
         *
         * @param phones keyed hashes of numbers; none unless numbers are asked for
         */
        public void ask(Collection<String> externalIds, Collection<byte[]> phones) {
            askAll(externalIds, "l.external_id = key.value ORDER BY l.turn DESC", Holder::externalId);
            // A sum, so that it is not read in the order of the rows.
            askAll(
                    phones,
                    "l.phone = key.value ORDER BY l.source_id + 0 DESC, l.row_no DESC",
                    holder -> ByteBuffer.wrap(holder.phone()));
        }

        private void askAll(Collection<?> keys, String isOfKey, Function<Holder, Object> key) {
            if (keys.isEmpty()) {
                return;
            }
            List<Object> values = new ArrayList<>(keys);
            // Few statements for all sizes, so that the driver keeps each.
            while (Integer.bitCount(values.size()) > 1) {
                values.add(values.get(0));
            }
            String places = String.join(", ", Collections.nCopies(values.size(), "(?)"));
            sql.each(
                    "SELECT holder.* FROM (VALUES " + places + ") AS key (value) CROSS JOIN LATERAL (" + HOLDERS
                            + " AND " + isOfKey + " LIMIT 1) AS holder",
                    row -> {
                        Holder holder = holder(row);
                        newest.put(key.apply(holder), holder);
                    },
                    Sql.values(values, common[0], common[1], common[2]));
            keys.forEach(each -> asked.add(each instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : each));
        }

        /** Answers out of what was asked together; null when that does not tell. */
        private List<Holder> known(Object key) {
            if (asked.isEmpty() || !asked.contains(key)) {
                return null;
            }
            Holder holder = newest.get(key);
            if (holder == null) {
                return List.of();
            }
            return holder.holds() ? List.of(holder) : null;
        }

        /** Reads the leads with an externalId, the newest first, up to one that holds its key: thousands may share it. */
        public List<Holder> byExternalId(String externalId) {
            List<Holder> known = known(externalId);
            if (known != null) {
                return known;
            }
            return byExternalId.listUntil(Holder::holds, LeadKeys::holder, common[0], common[1], common[2], externalId);
        }

        /** Reads the leads with a number, the newest first, up to one that holds it. @param phone keyed hash of it */
        public List<Holder> byPhone(byte[] phone) {
            List<Holder> known = known(ByteBuffer.wrap(phone));
            if (known != null) {
                return known;
            }
            return byPhone.listUntil(Holder::holds, LeadKeys::holder, common[0], common[1], common[2], phone);
        }

        /** Reads the leads with an externalId and a number, the newest first, up to one that holds them. */
        public List<Holder> byExternalIdAndPhone(String externalId, byte[] phone) {
            if (byIdAndPhone == null) {
                // No index on it, so that the number is found first: a word for nothing may be the id of very many.
                byIdAndPhone = sql.prepare(
                        HOLDERS
                                + " AND l.phone = ? AND coalesce(l.external_id, '') = ? ORDER BY l.source_id DESC, l.row_no DESC");
            }
            return byIdAndPhone.listUntil(
                    Holder::holds, LeadKeys::holder, common[0], common[1], common[2], phone, externalId);
        }

        /** Reads the leads whose externalId is this one but for marks that nobody sees, up to one that holds its key. */
        public List<Holder> byCleanId(String externalId) {
            if (!anyUnclean) {
                return List.of();
            }
            if (byCleanId == null) {
                byCleanId = sql.prepare(HOLDERS + sql.dialect().unclean() + " AND "
                        + sql.dialect().cleanId() + " = ? AND l.external_id <> ?"
                        + " ORDER BY l.source_id DESC, l.row_no DESC");
            }
            return byCleanId.listUntil(
                    Holder::holds, LeadKeys::holder, common[0], common[1], common[2], externalId, externalId);
        }

        @Override
        public void close() {
            for (Sql.Query query : new Sql.Query[] {byExternalId, byPhone, byIdAndPhone, byCleanId}) {
                if (query != null) {
                    query.close();
                }
            }
        }
    }

    /**
     * Prepares the questions for rows of a source.
     *
     * @param heldSince accepted leads of other sources hold their keys when they were accepted later than this
     * @param phones whether numbers are asked for too
     */
    public Holders holders(Source source, Instant heldSince, boolean phones) {
        return new Holders(sql, source, heldSince, phones);
    }

    private static Holder holder(Sql.Row row) throws SQLException {
        return new Holder(
                row.number("source_id"),
                row.text("name"),
                row.number("line"),
                row.text("external_id"),
                row.bytes("content"),
                row.bytes("phone"),
                (int) row.number("turn"),
                row.flag("undecided"),
                row.flag("holds"));
    }

    /**
     * A lead that holds its keys.
     *
     * @param leadId null unless accepted
     * @param phone keyed hash of its number
     * @param accepted false while it is sent or unknown
     */
    public record HeldLead(String leadId, String externalId, byte[] phone, boolean accepted) {
        public ByteBuffer number() {
            return phone == null ? null : ByteBuffer.wrap(phone);
        }
    }

    /** Reads the accepted lead of the API's id, twice when it is there twice. */
    public List<HeldLead> ofLeadId(String outbound, String leadId) {
        return held("lead_id", " AND state = 'accepted' LIMIT 2", outbound, leadId);
    }

    /** Reads all leads that hold an externalId, the newest first. */
    public List<HeldLead> ofExternalId(String outbound, String externalId) {
        return held("external_id", " ORDER BY turn DESC", outbound, externalId);
    }

    /** Lists the ids in the ledger that are this one but for marks that nobody sees, as versions before ids were cleaned took them. */
    public Set<String> formerSpellings(String outbound, String externalId) {
        // To tell the same ids apart here would have SQLite take the index that has them in order.
        return new TreeSet<>(sql.list(
                "SELECT external_id FROM lead WHERE outbound = ?" + HOLDING
                        + sql.dialect().unclean()
                        + " AND " + sql.dialect().cleanId()
                        + " = ? AND external_id <> ?",
                row -> row.text(1),
                outbound,
                externalId,
                externalId));
    }

    /** Reads two leads that hold a number at the most. @param phone keyed hash of it */
    public List<HeldLead> ofPhone(String outbound, byte[] phone) {
        return held("phone", " LIMIT 2", outbound, phone);
    }

    private List<HeldLead> held(String column, String end, String outbound, Object key) {
        return sql.list(
                "SELECT lead_id, external_id, phone, state = 'accepted' AS accepted FROM lead WHERE outbound = ? AND "
                        + column + " = ?" + HOLDING + end,
                row -> new HeldLead(row.text(1), row.text(2), row.bytes("phone"), row.flag("accepted")),
                outbound,
                key);
    }

    /** Reads the API's ids of the leads that hold an externalId, null for each that has none yet. */
    public List<String> leadIds(String outbound, String externalId) {
        return sql.list(
                "SELECT lead_id FROM lead WHERE outbound = ? AND external_id = ?" + HOLDING,
                row -> row.text(1),
                outbound,
                externalId);
    }

    /**
     * Tells whether another lead than this one holds a number.
     *
     * @param phone keyed hash of the number
     * @param heldSince accepted leads hold it when they were accepted later than this
     * @param leadId null when it is not known
     */
    public boolean othersHold(String outbound, byte[] phone, Instant heldSince, String leadId) {
        return sql.exists(
                "SELECT 1 FROM lead WHERE outbound = ? AND phone = ?" + HOLDING
                        + " AND (state <> 'accepted' OR at > ?) AND lead_id IS DISTINCT FROM ? LIMIT 1",
                outbound,
                phone,
                heldSince,
                leadId);
    }

    /**
     * The newest lead of an outbound that was accepted by its own answer.
     *
     * @param acceptedAt a time before which it was not accepted: when its request began
     */
    public record Control(String externalId, String leadId, Instant acceptedAt) {}

    /** Finds the newest lead accepted by its own answer: one that a look-up found may be older than it seems. */
    public Optional<Control> control(String outbound) {
        return sql.first(
                "SELECT external_id, lead_id, at FROM lead WHERE outbound = ? AND state = 'accepted'"
                        + " AND found_at IS NULL AND external_id IS NOT NULL ORDER BY at DESC LIMIT 1",
                row -> new Control(row.text("external_id"), row.text("lead_id"), row.time("at")),
                outbound);
    }

    /** Lists the rows of an outbound that hold a number and may have been called, the newest first. @param phone keyed hash of it */
    public List<LeadRef> withNumber(String outbound, byte[] phone, int most) {
        return sql.list(
                REFS + "l.outbound = ? AND l.phone = ? AND l.state IN ('sending', 'accepted', 'unknown')"
                        + " ORDER BY l.source_id DESC, l.row_no DESC LIMIT ?",
                LeadKeys::ref,
                outbound,
                phone,
                most);
    }

    /** Finds the accepted row of an outbound with the API's id, the newest of several. */
    public Optional<LeadRef> withId(String outbound, String leadId) {
        return sql.first(
                REFS + "l.outbound = ? AND l.lead_id = ? AND l.state = 'accepted'"
                        + " ORDER BY l.source_id DESC, l.row_no DESC LIMIT 1",
                LeadKeys::ref,
                outbound,
                leadId);
    }

    private static LeadRef ref(Sql.Row row) throws SQLException {
        return new LeadRef(
                row.number("source_id"),
                row.number("row_no"),
                Origin.of(
                        row.number("source_id"),
                        row.text("name"),
                        row.text("dropped_as"),
                        row.text("queue"),
                        row.number("line")),
                row.time("started_at"),
                row.text("external_id"),
                row.text("lead_id"));
    }

    /** Lists the externalIds of an outbound's rows with a number. @param phone keyed hash of it */
    public List<String> externalIds(String outbound, byte[] phone) {
        return sql.list(
                "SELECT external_id FROM lead WHERE outbound = ? AND phone = ? AND external_id IS NOT NULL",
                row -> row.text(1),
                outbound,
                phone);
    }

    /** Lists the rows of a source with an externalId. */
    public List<Long> rows(long sourceId, String externalId) {
        return sql.list(
                "SELECT row_no FROM lead WHERE source_id = ? AND external_id = ?",
                row -> row.number(1),
                sourceId,
                externalId);
    }

    /** Lists the rows of a source with a number. @param phone keyed hash of it */
    public List<Long> rows(Source source, byte[] phone) {
        return sql.list(
                "SELECT row_no FROM lead WHERE outbound = ? AND phone = ? AND source_id = ?",
                row -> row.number(1),
                source.outbound(),
                phone,
                source.id());
    }
}
