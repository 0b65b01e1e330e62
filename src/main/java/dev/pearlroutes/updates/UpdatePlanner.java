package dev.pearlroutes.updates;

import dev.pearlroutes.intake.RecordedRows;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.ledger.KeyedHash;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.Transaction;
import dev.pearlroutes.ledger.tables.LeadKeys.HeldLead;
import dev.pearlroutes.mapping.ChangeMapper;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UpdateResult;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.UnreadableSourceException;
import dev.pearlroutes.sending.PromisedKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * The plan of rows about leads that exist already: which lead each means, and whether what it asks for may be done. Updating and
 * looking up may be done twice, so there are no intents.
 */
public final class UpdatePlanner {
    private static final String ANOTHER_LEADS = "externalId is already that of another lead";
    private static final String NUMBER_OF_ANOTHER =
            "the lead has no externalId of its own, and another such lead has the new number already";
    private static final String ANOTHER_LEADS_NUMBER = "phoneNumber is already that of another lead";
    private static final String SEVERAL_UNDER_ID =
            "several leads have this externalId, with different numbers: give the leadId of one";
    private static final String UNKNOWN_NUMBER =
            "the ledger knows no lead with this number: give its leadId or externalId";
    private static final String NO_OUTCOME_YET =
            "the newest lead with this externalId or number has no outcome yet: give the row again once it has, or give the leadId"
                    + " of the lead";
    private static final String SEVERAL_OF_NUMBER =
            "several leads have this number: give the leadId or externalId of one";

    private final Ledger ledger;
    private final UpdateRecorder recorder;
    private final Map<String, ChangeMapper> mappers;
    private final Map<String, LeadIdentity> identities;
    private final PromisedKeys promised;
    private final RecordedRows recordedRows;

    /**
     * @param mappers by outbound
     * @param identities by outbound; one that is missing has the default
     * @param promised what updates under way give to leads
     */
    public UpdatePlanner(
            Ledger ledger,
            UpdateRecorder recorder,
            Map<String, ChangeMapper> mappers,
            Map<String, LeadIdentity> identities,
            PromisedKeys promised) {
        this.ledger = ledger;
        this.recorder = recorder;
        this.mappers = Map.copyOf(mappers);
        this.identities = Map.copyOf(identities);
        this.promised = promised;
        this.recordedRows = new RecordedRows(ledger);
    }

    /**
     * Makes sure that a source which is taken up again has the rows that the ledger has of it.
     *
     * @throws UnreadableSourceException when a row is another one
     */
    void checkRecorded(SourceRun run) {
        recordedRows.check(run, row -> known(change(run.source(), row).row()));
    }

    private static RecordedRows.Known known(LeadChange row) {
        return new RecordedRows.Known(row.externalId(), row.formerId(), null, null, row.leadId());
    }

    /** Makes of a row what it asks for. */
    ChangeMapper.Change change(Source source, Row row) {
        return mappers.get(source.outbound()).map(source.operation(), row);
    }

    /**
     * Leaves out the rows that have an outcome already (the source is read again after a crash), records those that nothing
     * can be asked for, and adds what the ledger knows to the others. The keys that these give to leads are promised until
     * {@link #release}.
     *
     * @return the rows to ask the API for, with the id of their lead where the ledger knows it
     */
    public List<LeadChange> plan(Source source, List<LeadChange> batch, Instant at) {
        return ledger.transaction(tx -> {
            Set<Long> recorded = tx.leadRows()
                    .recorded(
                            source,
                            batch.get(0).row(),
                            batch.get(batch.size() - 1).row());
            Plan plan = new Plan(tx, source, at);
            batch.stream().filter(row -> !recorded.contains(row.row())).forEach(plan::take);
            recorder.add(tx, source, plan.refused, at);
            return plan.open;
        });
    }

    /** Takes back what the rows of a source were promised: their outcomes are on record, or nobody works on it. */
    void release(Source source) {
        promised.release(source);
    }

    /** Tells whether the API has ever accepted a lead for the outbound, which proves that its id is right. */
    boolean everAccepted(String outbound) {
        return ledger.read(tx -> tx.leadRows().everAccepted(outbound));
    }

    /** The plan of a batch, inside a transaction. */
    private final class Plan {
        private final Source source;
        private final LeadIdentity identity;
        private final KnownLeads leads;
        private final Instant at;
        private final List<LeadChange> open = new ArrayList<>();
        private final List<UpdateResult> refused = new ArrayList<>();

        private Plan(Transaction tx, Source source, Instant at) {
            this.source = source;
            this.identity = identities.getOrDefault(source.outbound(), LeadIdentity.DEFAULT);
            this.leads = new KnownLeads(tx, source.outbound(), ledger.keyedHash());
            this.at = at;
        }

        private void take(LeadChange row) {
            if (row.rejection() != null) {
                refuse(row, RowState.REJECTED, row.rejection());
                return;
            }
            List<HeldLead> known = leads.of(row);
            boolean byNumber = row.leadId() == null && row.externalId() == null;
            if (byNumber && known.size() != 1) {
                refuse(row, unclear(), known.isEmpty() ? UNKNOWN_NUMBER : SEVERAL_OF_NUMBER);
            } else if (known.stream().map(HeldLead::number).distinct().count() > 1) {
                refuse(row, unclear(), SEVERAL_UNDER_ID);
            } else if (!known.isEmpty() && !known.get(0).accepted() && (byNumber || anyAccepted(known))) {
                // An older one is not what is meant; where there is none the API is asked for the externalId.
                refuse(row, unclear(), NO_OUTCOME_YET);
            } else {
                take(row, anyAccepted(known) ? known.get(0) : null);
            }
        }

        private RowState unclear() {
            return source.operation() == Source.Operation.LOOKUP ? RowState.MISSING : RowState.REJECTED;
        }

        private static boolean anyAccepted(List<HeldLead> known) {
            return known.stream().anyMatch(HeldLead::accepted);
        }

        /** @param lead that the row means; null when the ledger does not know it */
        private void take(LeadChange row, HeldLead lead) {
            String newExternalId = row.newExternalId();
            boolean derived = lead != null
                    && newExternalId == null
                    && row.newPhoneNumber() != null
                    && KeyedHash.isDerived(lead.externalId());
            if (derived) {
                // The id stands for the number, so it changes with it: else a later row with the new number were a new
                // lead.
                newExternalId = ledger.keyedHash().derivedExternalId(source.outbound(), row.newPhoneNumber());
            }
            String leadId = lead == null ? row.leadId() : lead.leadId();
            LeadChange named = row.with(leadId, newExternalId);
            if (newExternalId != null
                    && (leads.othersHave(newExternalId, leadId)
                            || isGiven(named, LeadChange::newExternalId)
                            || promised.isPromised(source, newExternalId))) {
                refuse(row, RowState.REJECTED, derived ? NUMBER_OF_ANOTHER : ANOTHER_LEADS);
            } else if (row.newPhoneNumber() != null
                    && (leads.othersHold(row.newPhoneNumber(), leadId, identity, at)
                            || identity.byPhone()
                                    && (isGiven(named, LeadChange::newPhoneNumber)
                                            || promised.isPromised(source, phone(named))))) {
                refuse(row, RowState.REJECTED, ANOTHER_LEADS_NUMBER);
            } else {
                open.add(named);
                promised.promise(source, newExternalId, phone(named));
            }
        }

        /** @return keyed hash of the number that a row gives to its lead; null for none */
        private byte[] phone(LeadChange row) {
            return row.newPhoneNumber() == null ? null : ledger.keyedHash().of(row.newPhoneNumber());
        }

        /** Tells whether an earlier row of the batch gives the key of a row to another lead. */
        private boolean isGiven(LeadChange row, Function<LeadChange, String> key) {
            return open.stream()
                    .filter(each -> key.apply(row).equals(key.apply(each)))
                    .anyMatch(each -> row.leadId() == null
                            ? !Objects.equals(row.externalId(), each.externalId())
                            : !row.leadId().equals(each.leadId()));
        }

        private void refuse(LeadChange row, RowState state, String reason) {
            Outcome outcome = new Outcome(row.row(), row.line(), state, row.externalId(), row.leadId(), reason, null);
            refused.add(new UpdateResult(row, outcome, Map.of()));
        }
    }
}
