package dev.pearlroutes.sending;

import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.LeadKeys;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Source;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The check of a source's rows for duplicates: those whose externalId or number another lead holds. It works inside the
 * transaction that plans them: since the ledger lets one plan of an outbound in after the other, nobody takes a key between the
 * question and the intent.
 */
final class DuplicateCheck implements AutoCloseable {
    private static final String UNDECIDED = ", whose answer never came: it is looked up by itself, or settled by"
            + " pearl-routes unknown release or drop";

    private final LeadIdentity identity;
    private final Source source;
    private final LeadKeys.Holders holders;
    /** The leads among the rows judged so far, which are not in the ledger yet, by externalId and by number. */
    private final Map<Object, LeadKeys.Holder> planned = new HashMap<>();

    /** @param at the time at which the rows are planned */
    DuplicateCheck(Transaction tx, Source source, LeadIdentity identity, Instant at) {
        this.identity = identity;
        this.source = source;
        this.holders = tx.leadKeys().holders(source, identity.heldSince(at), identity.byPhone());
    }

    /**
     * What a row is.
     *
     * @param duplicate why it is a duplicate; null when it is a lead of its own
     * @param generation how many leads have its externalId already
     */
    record Verdict(String duplicate, int generation) {}

    /** Asks for the keys of all rows that are judged afterwards, where that is better than one by one. @param phone hashes a row's number */
    void ask(List<LeadIntent> rows, Function<LeadIntent, byte[]> phone) {
        if (holders.far()) {
            List<LeadIntent> judged =
                    rows.stream().filter(row -> row.rejection() == null).toList();
            holders.ask(
                    judged.stream().map(LeadIntent::externalId).toList(),
                    identity.byPhone() ? judged.stream().map(phone).toList() : List.of());
        }
    }

    /** Judges a row that is not rejected, after those judged before. @param content and phone hashes of its body and number */
    Verdict judge(LeadIntent row, byte[] content, byte[] phone) {
        LeadKeys.Holder holder = planned.get(row.externalId());
        int generation = holder == null ? 0 : holder.generation() + 1;
        boolean spelledOtherwise = false;
        if (holder == null) {
            List<LeadKeys.Holder> same = holders.byExternalId(row.externalId());
            generation = same.isEmpty() ? 0 : same.get(0).generation() + 1;
            holder = holding(same);
            if (holder == null && identity.byExternalId()) {
                holder = formerHolder(row, phone);
                spelledOtherwise = holder != null;
            }
        }
        if (!identity.byExternalId()) {
            holder = null;
        }
        if (holder == null && identity.byPhone()) {
            LeadKeys.Holder above = planned.get(ByteBuffer.wrap(phone));
            holder = above != null ? above : holding(holders.byPhone(phone));
        }
        if (holder != null) {
            String reason = spelledOtherwise
                    ? reason(Arrays.equals(phone, holder.phone()), true, holder)
                    : reason(
                            Arrays.equals(content, holder.content()),
                            row.externalId().equals(holder.externalId()),
                            holder);
            return new Verdict(holder.undecided() ? reason + UNDECIDED : reason, generation);
        }
        LeadKeys.Holder itself = new LeadKeys.Holder(
                source.id(), source.name(), row.line(), row.externalId(), content, phone, generation, false, true);
        planned.put(row.externalId(), itself);
        if (identity.byPhone()) {
            planned.put(ByteBuffer.wrap(phone), itself);
        }
        return new Verdict(null, generation);
    }

    /** Judges a row without those judged before. @return why it is a duplicate; null when it is none */
    String duplicateInLedger(LeadIntent row, byte[] content, byte[] phone) {
        planned.clear();
        return judge(row, content, phone).duplicate();
    }

    /** Finds the first that holds its key still; null when none does. Where any holds it, nobody else takes it. */
    private static LeadKeys.Holder holding(List<LeadKeys.Holder> newestFirst) {
        return newestFirst.stream().filter(LeadKeys.Holder::holds).findFirst().orElse(null);
    }

    /** Finds who holds the key under an id as versions before ids were cleaned took it. @return null when nobody does */
    private LeadKeys.Holder formerHolder(LeadIntent row, byte[] phone) {
        LeadKeys.Holder holder = holding(holders.byCleanId(row.externalId()));
        if (holder == null && row.former() != null) {
            String spelling = row.former().spelling();
            holder = holding(
                    row.former().ofNumber()
                            ? holders.byExternalIdAndPhone(spelling, phone)
                            : holders.byExternalId(spelling));
        }
        return holder;
    }

    private String reason(boolean sameLead, boolean sameId, LeadKeys.Holder holder) {
        String where = (holder.sourceId() == source.id() ? "" : holder.file() + " ") + "line " + holder.line();
        if (sameLead) {
            return "same lead as " + where;
        }
        return sameId
                ? "changed: same externalId as " + where + ", but the number or the data differ"
                : "same number as " + where + ", which has another externalId";
    }

    @Override
    public void close() {
        holders.close();
    }
}
