package dev.pearlroutes.sending;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.LeadKeys;
import dev.pearlroutes.ledger.tables.LeadRows;
import dev.pearlroutes.mapping.AddLeadBody;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.UnknownLead;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The leads in the ledger whose answer never came, until a look-up or a person settles them. */
public final class UnknownLeads {
    private static final String RELEASED = "released: is looked up once more and sent again unless it is found";
    private static final String GIVEN_UP = "unknown and given up by a person";

    private static final int MOST_TOLD = 10_000;

    private final Ledger ledger;
    private final Events events;
    private final Duration settleTime;
    /** The API's ids of leads, by outbound and externalId. What a restart forgets a search finds. */
    private final Map<List<String>, String> told = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, String> eldest) {
            return size() > MOST_TOLD;
        }
    });

    private volatile long count;
    private volatile Instant oldest;

    /** @param settleTime how long a lead is unknown before it is looked up */
    public UnknownLeads(Ledger ledger, Events events, Duration settleTime) {
        this.ledger = ledger;
        this.events = events;
        this.settleTime = settleTime;
    }

    /** Reads the leads of an outbound to be looked up now, those that wait longest first. */
    public List<UnknownLead> due(String outbound, Instant now, int most) {
        return ledger.transaction(tx -> tx.leadRows().toLookUp(outbound, now, most));
    }

    /**
     * Keeps a lead unknown.
     *
     * @param next when to look it up again
     * @param lostAt when the answer to a request that was made again is given up; null when that request never left
     */
    public void keep(UnknownLead lead, Instant next, String reason, Instant lostAt) {
        ledger.execute(tx -> tx.leads().keepUnknown(lead, next, reason, lostAt));
    }

    /** Holds an unknown lead for a person: no look-up before the next start, unless it was released meanwhile. */
    public void hold(UnknownLead lead, String reason, Instant at) {
        ledger.execute(tx -> {
            tx.leads().keepUnknown(lead, null, reason, null);
            tx.sources().markChanged(lead.source().id(), at);
        });
    }

    /** Has the leads looked up now that {@link #keep} has kept for a reason. */
    public void lookUpNow(String reason, Instant at) {
        ledger.execute(tx -> tx.leads().lookUpNow(reason, at));
    }

    /**
     * Makes the intent durable once more, before its request. It keeps the time of its look-up, by which it differs from an
     * intent of a run.
     *
     * @return false when the lead is not unknown any more
     */
    public boolean sendAgain(UnknownLead lead) {
        return ledger.transaction(tx -> tx.leads().sendAgain(lead));
    }

    /**
     * Reads the unknown leads, by outbound and file.
     *
     * @param outbound null for all
     * @param file name of the source; null for all
     */
    public List<UnknownLead> list(String outbound, String file) {
        return ledger.transaction(tx -> tx.leadRows().unknown()).stream()
                .filter(lead ->
                        outbound == null || outbound.equals(lead.source().outbound()))
                .filter(lead -> file == null || file.equals(lead.source().name()))
                .toList();
    }

    /**
     * Lets a lead be sent again, by a person's decision: it is looked up once more, not before its settle time is over, and
     * is sent unless it is found.
     *
     * @return false when the lead is not unknown any more
     */
    public boolean release(UnknownLead lead, Instant at) {
        return ledger.transaction(tx -> {
            boolean released = tx.leads().release(lead, RELEASED, settleTime, at);
            if (released) {
                tx.sources().markChanged(lead.source().id(), at);
            }
            return released;
        });
    }

    /**
     * Gives a lead up, by a person's decision: it is cancelled and its key is free.
     *
     * @return false when the lead is not unknown any more
     */
    public boolean giveUp(UnknownLead lead, Instant at) {
        Outcome cancelled =
                lead.outcome(RowState.CANCELLED, null, GIVEN_UP, AddLeadBody.phoneNumberIn(lead.body()), null);
        return ledger.transaction(tx -> {
            boolean given = tx.leads().giveUp(lead, GIVEN_UP, at);
            if (given) {
                tx.sources().markChanged(lead.source().id(), at);
                tx.events().append(List.of(events.ofLead(lead.source(), cancelled)));
            }
            return given;
        });
    }

    /** Finds the lead that a search must find before its finding nothing else means anything. */
    Optional<LeadKeys.Control> control(String outbound) {
        return ledger.read(tx -> tx.leadKeys().control(outbound));
    }

    /**
     * Reads the API's ids of the leads that have an externalId, null for each that has none yet. If there is more than one, the
     * externalId alone does not show which of them a look-up has found.
     */
    List<String> leadIds(String outbound, String externalId) {
        return ledger.read(tx -> tx.leadKeys().leadIds(outbound, externalId));
    }

    /** Tells whether the API's id is that of a lead of the ledger, which has one. */
    boolean knows(String outbound, String leadId) {
        return ledger.read(tx -> !tx.leadKeys().ofLeadId(outbound, leadId).isEmpty());
    }

    /** Notes what the platform has told: that a lead with the externalId exists. @param leadId the API's id of it */
    void tell(String outbound, String externalId, String leadId) {
        told.put(List.of(outbound, externalId), leadId);
    }

    /** Answers with the lead that the platform has told of last; null for none. */
    String told(String outbound, String externalId) {
        return told.get(List.of(outbound, externalId));
    }

    /** Answers with the count of the last {@link #recount}; asking never waits for the ledger. */
    public long count() {
        return count;
    }

    /** Answers since when the oldest of them is, as of the last {@link #recount}; empty when there is none. */
    public Optional<Instant> oldest() {
        return Optional.ofNullable(oldest);
    }

    /** Counts the unknown leads by outbound; one that has none is missing. */
    public Map<String, LeadRows.Unknown> byOutbound() {
        return ledger.read(tx -> tx.leadRows().unknownByOutbound());
    }

    /** Counts the unknown leads, for health and for people. */
    void recount() {
        oldest = ledger.read(tx -> tx.leadRows().oldestUnknown()).orElse(null);
        count = ledger.read(tx -> tx.leadRows().countUnknown());
    }
}
