package dev.pearlroutes.sending;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.ledger.Unknowns;
import dev.pearlroutes.mapping.AddLeadBody;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.LeadSearch;
import dev.pearlroutes.nlpearl.NotSentException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles unknown leads: found, they are accepted; proven absent, they are sent again or held; else they stay unknown. */
public final class UnknownLeadResolver {
    private static final Logger LOG = LoggerFactory.getLogger(UnknownLeadResolver.class);

    /** So many of an outbound in one turn, so that its turn does not keep the others waiting. */
    private static final int MOST = 50;

    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);
    /** A search that has not caught up after so many settle times is not one that lags. */
    private static final int SETTLE_TIMES_OF_LAG = 10;

    private final Collection<String> outbounds;
    private final Unknowns unknowns;
    private final Leads leads;
    private final CircuitBreakers breakers;
    private final ApiPaths paths;
    private final Duration settleTime;
    private final boolean resendIfAbsent;
    private final Clock clock;

    /** @param resendIfAbsent false holds what is proven absent, for a person to decide */
    public UnknownLeadResolver(
            Collection<String> outbounds,
            Unknowns unknowns,
            Leads leads,
            CircuitBreakers breakers,
            ApiPaths paths,
            Duration settleTime,
            boolean resendIfAbsent,
            Clock clock) {
        this.outbounds = List.copyOf(outbounds);
        this.unknowns = unknowns;
        this.leads = leads;
        this.breakers = breakers;
        this.paths = paths;
        this.settleTime = settleTime;
        this.resendIfAbsent = resendIfAbsent;
        this.clock = clock;
    }

    /** The look-ups whose time has come, of outbounds whose line is open. */
    public List<LookUp> due() {
        unknowns.recount();
        return outbounds.stream()
                .filter(breakers::maySend)
                .flatMap(outbound -> unknowns.due(outbound, clock.instant(), MOST).stream())
                .map(this::lookUp)
                .toList();
    }

    /** Takes in a page of a search. */
    public void page(LeadSearch search, JsonNode page) {
        search.page(page);
    }

    /** Whether a path is worth asking, which could still show a lead that was neither found nor proven absent. */
    public boolean asksPath(LookUp lookUp) {
        return lookUp.foundId() == null
                && !provesAbsence(lookUp)
                && lookUp.paths().hasNext();
    }

    /** The path to be asked now. */
    public String path(LookUp lookUp) {
        return lookUp.paths().next();
    }

    /** Takes in what a path answered. @param lead a missing node when it has shown nothing */
    public void found(LookUp lookUp, JsonNode lead) {
        lookUp.read(lead);
    }

    /** Draws the conclusion. @return the request to make again; null when there is none to make */
    public AddLeadRequest conclude(LookUp lookUp) {
        UnknownLead lead = lookUp.lead();
        if (lookUp.foundId() != null) {
            settle(lead, RowState.ACCEPTED, lookUp.foundId(), null, null);
        } else if (!lead.released() && !provesAbsence(lookUp)) {
            keep(lead, "not found at NLPearl, but its search does not prove that the lead is absent");
        } else if (!lead.released() && !resendIfAbsent) {
            unknowns.hold(lead, "absent at NLPearl; held by leads.unknown-policy", clock.instant());
        } else if (unknowns.sendAgain(lead)) {
            LOG.info(
                    "Line {} of {} is {} and is sent again",
                    lead.line(),
                    lead.source().name(),
                    lead.released() ? "released, was not found at NLPearl," : "absent at NLPearl");
            return new AddLeadRequest(
                    intent(lead), lead.source().id(), lookUp.outbound(), paths.addLead(lookUp.outbound()));
        }
        return null;
    }

    /** Takes note of what became of a request that was made again. */
    public void sentAgain(LookUp lookUp, SendResult sent) {
        UnknownLead lead = lookUp.lead();
        Answer answer = sent.answer();
        switch (answer.kind()) {
            case ACCEPTED -> settle(lead, RowState.ACCEPTED, answer.leadId(), null, sent.at());
            case REJECTED -> settle(lead, RowState.REJECTED, null, answer.reason(), sent.at());
            case SUPPRESSED, CANCELLED ->
                settle(lead, RowState.valueOf(answer.kind().name()), null, answer.reason(), sent.at());
            case UNKNOWN -> settle(lead, RowState.UNKNOWN, null, answer.reason(), sent.at());
            case AMBIGUOUS_REFUSAL -> {
                if (answer.unpaid()) {
                    keep(lead, answer.reason());
                } else {
                    // The control has shown that the outbound is right, so the refusal is this lead's.
                    settle(lead, RowState.REJECTED, null, answer.reason(), sent.at());
                }
            }
            case UNAUTHORIZED, RATE_LIMITED, NOT_SENT, HELD ->
                unknowns.keep(lead, clock.instant(), "not found at NLPearl; waits to be sent again", null);
        }
    }

    /** A look-up that failed proves nothing. One that was not made, since the process stops, is due as before. */
    public void failed(LookUp lookUp, Exception e) {
        if (e instanceof NotSentException) {
            return;
        }
        LOG.debug("A look-up failed", e);
        try {
            keep(lookUp.lead(), "could not be looked up at NLPearl yet");
        } catch (LedgerException unkept) {
            // Nobody handles what fails here: Camel would log all of it.
            LOG.warn("A look-up failed and is made again at once: {}", unkept.getMessage());
        }
    }

    private boolean provesAbsence(LookUp lookUp) {
        return lookUp.provesAbsence(clock.instant(), settleTime.multipliedBy(SETTLE_TIMES_OF_LAG));
    }

    private LookUp lookUp(UnknownLead lead) {
        String outbound = lead.source().outbound();
        Optional<Unknowns.Control> control = unknowns.control(outbound);
        String path = paths.searchLeads(outbound);
        return new LookUp(
                lead,
                new LeadSearch(path, lead.externalId(), meant(lead)),
                control.map(c -> new LeadSearch(path, c.externalId(), meant(outbound, c)))
                        .orElse(null),
                control.map(Unknowns.Control::acceptedAt).orElse(null),
                paths.leadByExternalId(outbound, lead.externalId()));
    }

    /** An externalId may be that of several leads: then one is known by not being the others, and by its number. */
    private Predicate<JsonNode> meant(UnknownLead lead) {
        List<String> ids = unknowns.leadIds(lead.source().outbound(), lead.externalId());
        if (ids.size() < 2) {
            return any -> true;
        }
        String number = digits(AddLeadBody.phoneNumberIn(lead.body()));
        return found -> !ids.contains(found.path("id").textValue())
                // What the API does not tell speaks against nothing.
                && (!found.path("phoneNumber").isTextual()
                        || digits(found.path("phoneNumber").textValue()).equals(number));
    }

    private Predicate<JsonNode> meant(String outbound, Unknowns.Control control) {
        return unknowns.leadIds(outbound, control.externalId()).size() < 2
                ? any -> true
                : found -> control.leadId().equals(found.path("id").textValue());
    }

    private static String digits(String number) {
        return number.replaceAll("[^0-9]", "");
    }

    /** The longer a lead is unknown, the more seldom it is looked up. */
    private void keep(UnknownLead lead, String reason) {
        Instant now = clock.instant();
        Duration age = Duration.between(lead.since(), now);
        Duration wait = age.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : age;
        unknowns.keep(lead, now.plus(wait.compareTo(settleTime) < 0 ? settleTime : wait), reason, now);
    }

    /** @param at of the lead's own answer; null when its look-up told */
    private void settle(UnknownLead lead, RowState state, String leadId, String reason, Instant at) {
        Outcome outcome = new Outcome(
                lead.row(),
                lead.line(),
                state,
                lead.externalId(),
                leadId,
                reason,
                AddLeadBody.phoneNumberIn(lead.body()),
                at);
        leads.settle(lead.source(), outcome, at == null, clock.instant());
    }

    private LeadIntent intent(UnknownLead lead) {
        return new LeadIntent(
                lead.row(), lead.line(), lead.externalId(), AddLeadBody.phoneNumberIn(lead.body()), lead.body(), null);
    }
}
