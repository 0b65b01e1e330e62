package dev.pearlroutes.ledger;

import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Source;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells the duplicates among the rows of a source: those whose externalId or number another lead holds. It works inside the
 * transaction that plans them: since the ledger lets one transaction in after the other, nobody takes a key between the question
 * and the intent.
 */
final class DuplicateCheck implements AutoCloseable {
    private static final String UNDECIDED = ", whose answer never came: it is looked up by itself, or settled by"
            + " pearl-routes unknown release or drop";
    private static final String HOLDERS =
            "SELECT l.source_id, s.name, l.line, l.external_id, l.content, l.turn, l.state = 'unknown' AS undecided,"
                    + " l.state <> 'accepted' OR l.at > ? OR l.source_id = ? AS holds FROM lead l JOIN source s ON s.id = l.source_id"
                    + " WHERE l.outbound = ? AND l.state IN ('sending', 'accepted', 'unknown')";

    private final LeadIdentity identity;
    private final Source source;
    private final PreparedStatement byExternalId;
    private final PreparedStatement byPhone;
    /** The leads among the rows judged so far, which are not in the ledger yet, by externalId and by number. */
    private final Map<Object, Holder> planned = new HashMap<>();

    /** @param at the time at which the rows are planned */
    DuplicateCheck(Connection c, Source source, LeadIdentity identity, Instant at) throws SQLException {
        this.identity = identity;
        this.source = source;
        // The newest first: where any of them holds its key still, it does.
        this.byExternalId = prepare(c, " AND l.external_id = ? ORDER BY l.turn DESC", at);
        this.byPhone =
                identity.byPhone() ? prepare(c, " AND l.phone = ? ORDER BY l.source_id DESC, l.row_no DESC", at) : null;
    }

    private PreparedStatement prepare(Connection c, String key, Instant at) throws SQLException {
        PreparedStatement select = c.prepareStatement(HOLDERS + key);
        select.setLong(1, identity.heldSince(at).toEpochMilli());
        select.setLong(2, source.id());
        select.setString(3, source.outbound());
        return select;
    }

    /**
     * What a row is.
     *
     * @param duplicate why it is a duplicate; null when it is a lead of its own
     * @param turn how many leads have its externalId already
     */
    record Verdict(String duplicate, int turn) {}

    /**
     * @param file null for the source's own
     * @param undecided whether a person may have to decide on it before its keys are free
     */
    private record Holder(String file, long line, String externalId, byte[] content, int turn, boolean undecided) {
        String where() {
            return (file == null ? "" : file + " ") + "line " + line;
        }
    }

    /** @param row one that is not rejected; content and phone are the hashes of its body and number */
    Verdict judge(LeadIntent row, byte[] content, byte[] phone) throws SQLException {
        Holder holder = planned.get(row.externalId());
        int turn = holder == null ? 0 : holder.turn() + 1;
        if (holder == null) {
            byExternalId.setString(4, row.externalId());
            try (ResultSet found = byExternalId.executeQuery()) {
                if (found.next()) {
                    turn = found.getInt("turn") + 1;
                    holder = holder(found);
                }
            }
        }
        if (!identity.byExternalId()) {
            holder = null;
        }
        if (holder == null && identity.byPhone()) {
            holder = byPhone(phone);
        }
        if (holder != null) {
            String reason = reason(row, content, holder);
            return new Verdict(holder.undecided() ? reason + UNDECIDED : reason, turn);
        }
        Holder itself = new Holder(null, row.line(), row.externalId(), content, turn, false);
        planned.put(row.externalId(), itself);
        if (identity.byPhone()) {
            planned.put(ByteBuffer.wrap(phone), itself);
        }
        return new Verdict(null, turn);
    }

    /** The same without the rows judged so far. @return why the row is a duplicate; null when it is none */
    String duplicateInLedger(LeadIntent row, byte[] content, byte[] phone) throws SQLException {
        planned.clear();
        return judge(row, content, phone).duplicate();
    }

    private Holder byPhone(byte[] phone) throws SQLException {
        Holder holder = planned.get(ByteBuffer.wrap(phone));
        if (holder != null) {
            return holder;
        }
        byPhone.setBytes(4, phone);
        try (ResultSet found = byPhone.executeQuery()) {
            return found.next() ? holder(found) : null;
        }
    }

    /** @param found stands on the first row @return the first that holds its key still; null when none does */
    private Holder holder(ResultSet found) throws SQLException {
        do {
            if (found.getBoolean("holds")) {
                return new Holder(
                        found.getLong("source_id") == source.id() ? null : found.getString("name"),
                        found.getLong("line"),
                        found.getString("external_id"),
                        found.getBytes("content"),
                        found.getInt("turn"),
                        found.getBoolean("undecided"));
            }
        } while (found.next());
        return null;
    }

    private static String reason(LeadIntent row, byte[] content, Holder holder) {
        if (Arrays.equals(content, holder.content())) {
            return "same lead as " + holder.where();
        }
        return row.externalId().equals(holder.externalId())
                ? "changed: same externalId as " + holder.where() + ", but the number or the data differ"
                : "same number as " + holder.where() + ", which has another externalId";
    }

    @Override
    public void close() throws SQLException {
        byExternalId.close();
        if (byPhone != null) {
            byPhone.close();
        }
    }
}
