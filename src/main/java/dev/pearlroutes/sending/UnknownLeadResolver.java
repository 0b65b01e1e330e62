package dev.pearlroutes.sending;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.intake.SourceLog;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.ledger.tables.LeadKeys;
import dev.pearlroutes.mapping.AddLeadBody;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.LeadFinder;
import dev.pearlroutes.nlpearl.NotSentException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles unknown leads: found, they are accepted; proven absent, they are sent again or held; else they stay unknown. */
public final class UnknownLeadResolver {
    private static final Logger LOG = LoggerFactory.getLogger(UnknownLeadResolver.class);

    /** Look-ups of an outbound in a turn: few enough that the control search comes soon, and many for each of these. */
    private static final int MOST = 500;

    /** Longest time between two look-ups of a lead. */
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    /** Settle times after which a search is believed that has not shown a lead accepted later: it does not lag for that long. */
    private static final int SETTLE_TIMES_OF_LAG = 10;

    private static final String ABSENCE_NOT_PROVEN =
            "not found at NLPearl, but its search does not prove that the lead is absent";

    /** Why a lead is not settled that is there, or was once. */
    private static final String EARLIER = "NLPearl has a lead with this externalId that seems to be an earlier one:"
            + " see whether this one is there too, then pearl-routes unknown drop or release";

    /** Why a lead that is proven absent is not sent again yet. */
    private static final String HELD = "absent at NLPearl; waits until leads are sent again";

    private final Policy policy;
    private final UnknownLeads unknownLeads;
    private final OutcomeRecorder recorder;
    private final IntentFactory intents;
    private final CircuitBreakers breakers;
    private final Clock clock;
    /** Look-ups that have come to something, so that their leads are not due at once again. */
    private final AtomicLong settled = new AtomicLong();

    private volatile int holdsEnded = -1;

    public UnknownLeadResolver(
            Policy policy,
            UnknownLeads unknownLeads,
            OutcomeRecorder recorder,
            IntentFactory intents,
            CircuitBreakers breakers,
            Clock clock) {
        this.policy = policy;
        this.unknownLeads = unknownLeads;
        this.recorder = recorder;
        this.intents = intents;
        this.breakers = breakers;
        this.clock = clock;
    }

    /**
     * How unknown leads are settled.
     *
     * @param outbounds by name, those whose leads are looked up
     * @param settleTime how long a lead is unknown before it is looked up
     * @param resendIfAbsent false holds what is proven absent, for a person to decide
     */
    public record Policy(Set<String> outbounds, Duration settleTime, boolean resendIfAbsent) {
        public Policy {
            outbounds = Set.copyOf(outbounds);
        }
    }

    /** Begins a turn of the look-ups whose time has come, of outbounds whose circuit is closed. */
    public LookUpTurn due() {
        unknownLeads.recount();
        resume();
        long before = settled.get();
        return new LookUpTurn(
                policy.outbounds().stream()
                        .filter(breakers::maySend)
                        .flatMap(outbound -> unknownLeads.due(outbound, clock.instant(), MOST).stream())
                        .map(this::lookUp)
                        .toList(),
                before);
    }

    /** Begins the next turn; it is empty where the last one has come to nothing, which must wait a while then. */
    public LookUpTurn next(LookUpTurn last) {
        return settled.get() > last.settledBefore() ? due() : new LookUpTurn(List.of(), settled.get());
    }

    /** Makes the control searches that a turn needs now, after its searches. */
    public List<LookUpTurn.Control> controls(LookUpTurn turn) {
        return policy.outbounds().stream()
                .filter(outbound -> !turn.unfound(outbound).isEmpty())
                .flatMap(outbound -> unknownLeads.control(outbound).stream().map(lead -> control(outbound, lead)))
                .toList();
    }

    private LookUpTurn.Control control(String outbound, LeadKeys.Control lead) {
        AtomicReference<Instant> created = new AtomicReference<>();
        Predicate<JsonNode> meant = meant(outbound, lead);
        return new LookUpTurn.Control(
                outbound,
                lead,
                new LeadFinder(
                        intents.paths(),
                        outbound,
                        lead.externalId(),
                        found -> {
                            boolean is = meant.test(found);
                            if (is) {
                                created.set(FormerLead.created(found));
                            }
                            return is;
                        },
                        any -> true),
                created);
    }

    /** Takes in a control search: where it has found its lead, the leads that it covers are absent. */
    public void controlled(LookUpTurn turn, LookUpTurn.Control control) {
        Duration lag = policy.settleTime().multipliedBy(SETTLE_TIMES_OF_LAG);
        if (control.finder().leadId() != null) {
            turn.unfound(control.outbound())
                    .forEach(lookUp -> lookUp.former()
                            .compareClocks(
                                    control.lead().acceptedAt(),
                                    control.created().get()));
            turn.unfound(control.outbound()).stream()
                    .filter(lookUp ->
                            LookUp.controlCounts(lookUp.lead(), control.lead().acceptedAt(), clock.instant(), lag))
                    .forEach(lookUp -> lookUp.finder().proveAbsence());
        }
    }

    /** Takes in that a control search has failed, so that it proves nothing. */
    public void notControlled(Exception e) {
        LOG.debug("A control look-up failed", e);
    }

    /** Has the leads looked up again that were held, when a hold has ended, and at start, since one may have ended before. */
    private void resume() {
        int ended = breakers.holds().ended();
        if (ended != holdsEnded) {
            unknownLeads.lookUpNow(HELD, clock.instant());
            holdsEnded = ended;
        }
    }

    /** Settles or keeps the lead by what the look-up has shown. @return the request to make again; null for none */
    public AddLeadRequest conclude(LookUp lookUp) {
        UnknownLead lead = lookUp.lead();
        String leadId = lookUp.finder().leadId();
        FormerLead.Verdict former = lookUp.former().verdict();
        if (leadId != null) {
            settle(lead, RowState.ACCEPTED, leadId, null, null);
        } else if (former == FormerLead.Verdict.SENT) {
            settle(lead, RowState.ACCEPTED, lookUp.former().leadId(), null, null);
        } else if (!lead.released()
                && (former == FormerLead.Verdict.UNCLEAR || !lookUp.finder().provesAbsence())) {
            if (breakers.shutdown().requested()) {
                // Its control may not have been asked.
                return null;
            }
            keep(lead, former == FormerLead.Verdict.UNCLEAR ? EARLIER : ABSENCE_NOT_PROVEN);
        } else if (!lead.released() && !policy.resendIfAbsent()) {
            unknownLeads.hold(lead, "absent at NLPearl; held by leads.unknown-policy", clock.instant());
            settled.incrementAndGet();
        } else if (breakers.holds()
                .holds(lead.source().outbound(), lead.source().id())) {
            keep(lead, HELD);
        } else if (unknownLeads.sendAgain(lead)) {
            SourceLog.info(LOG, lead.source(), lead.line())
                    .log(
                            "Line {} of {} is {} and is sent again",
                            lead.line(),
                            lead.source().name(),
                            lead.released() ? "released, was not found at NLPearl," : "absent at NLPearl");
            return intents.request(lead.source(), intent(lead));
        }
        return null;
    }

    /** Settles or keeps the lead by the answer to its request, which was made again. */
    public void sentAgain(LookUp lookUp, SendResult sent) {
        UnknownLead lead = lookUp.lead();
        Answer answer = sent.answer();
        switch (answer.kind()) {
            case ACCEPTED -> settle(lead, RowState.ACCEPTED, answer.leadId(), null, sent.at());
            case REJECTED, SUPPRESSED, CANCELLED, UNKNOWN ->
                settle(lead, sent.state(), null, answer.reason(), sent.at());
            case AMBIGUOUS_REFUSAL -> {
                if (answer.unpaid()) {
                    keep(lead, answer.reason());
                    recorder.keptUnknown(lead);
                } else {
                    // The control has shown that the outbound is right, so the refusal is this lead's.
                    settle(lead, RowState.REJECTED, null, answer.reason(), sent.at());
                }
            }
            case UNAUTHORIZED, RATE_LIMITED, NOT_SENT, HELD -> {
                unknownLeads.keep(lead, clock.instant(), "not found at NLPearl; waits to be sent again", null);
                recorder.keptUnknown(lead);
            }
        }
    }

    /** Keeps a lead whose look-up failed, which proves nothing. One that was not made, since the process stops, is due as before. */
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

    private LookUp lookUp(UnknownLead lead) {
        String outbound = lead.source().outbound();
        FormerLead former = new FormerLead(lead, meant(lead));
        // Only finding the lead by a path proves anything.
        LeadFinder finder = new LeadFinder(intents.paths(), outbound, lead.externalId(), former, any -> true);
        String told = unknownLeads.told(outbound, lead.externalId());
        if (told != null) {
            finder.askToo(intents.paths().lead(outbound, told));
        }
        return new LookUp(lead, finder, former);
    }

    /** An externalId may be that of several leads: then one is known by not being the others, and by its number. */
    private Predicate<JsonNode> meant(UnknownLead lead) {
        String outbound = lead.source().outbound();
        boolean alone = unknownLeads.leadIds(outbound, lead.externalId()).size() < 2;
        return found -> !unknownLeads.knows(outbound, found.path("id").textValue())
                // What the API does not say speaks against nothing.
                && (alone
                        || !found.path("phoneNumber").isTextual()
                        || digits(found.path("phoneNumber").textValue())
                                .equals(digits(AddLeadBody.phoneNumberIn(lead.body()))));
    }

    private Predicate<JsonNode> meant(String outbound, LeadKeys.Control control) {
        return unknownLeads.leadIds(outbound, control.externalId()).size() < 2
                ? any -> true
                : found -> control.leadId().equals(found.path("id").textValue());
    }

    private static String digits(String number) {
        return number.replaceAll("[^0-9]", "");
    }

    /** Keeps a lead unknown. The longer it is unknown, the more seldom it is looked up. */
    private void keep(UnknownLead lead, String reason) {
        Instant now = clock.instant();
        Duration age = Duration.between(lead.since(), now);
        Duration wait = age.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : age;
        Duration shortest = policy.settleTime();
        unknownLeads.keep(lead, now.plus(wait.compareTo(shortest) < 0 ? shortest : wait), reason, now);
        settled.incrementAndGet();
    }

    /** @param at of the lead's own answer; null when its look-up has found it */
    private void settle(UnknownLead lead, RowState state, String leadId, String reason, Instant at) {
        Outcome outcome = lead.outcome(state, leadId, reason, AddLeadBody.phoneNumberIn(lead.body()), at);
        recorder.settle(lead.source(), outcome, at == null, clock.instant());
        settled.incrementAndGet();
    }

    private LeadIntent intent(UnknownLead lead) {
        return new LeadIntent(
                lead.row(), lead.line(), lead.externalId(), AddLeadBody.phoneNumberIn(lead.body()), lead.body(), null);
    }
}
