package dev.pearlroutes.sending;

import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.ledger.ReleaseWaves;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.recall.Cancellations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Rows of a source whose intents became durable together and whose outcomes are recorded together. */
public final class Batch {
    /** The reason of rows that were cancelled. */
    public static final String CANCELLED = Cancellations.REASON;

    private final SourceRun run;
    private final long rows;
    private final int permits;
    private final ReleaseWaves.Grant grant;
    private List<AddLeadRequest> unsent;
    private final List<Outcome> outcomes = new ArrayList<>();

    /**
     * @param rows how many rows of the source the batch stands for, those that are not sent included
     * @param permits it holds as long as it is under way
     * @param grant by which the leads of the batch are released
     */
    Batch(SourceRun run, long rows, int permits, ReleaseWaves.Grant grant, List<AddLeadRequest> unsent) {
        this.run = run;
        this.rows = rows;
        this.permits = permits;
        this.grant = grant;
        this.unsent = unsent;
    }

    SourceRun run() {
        return run;
    }

    long rows() {
        return rows;
    }

    int permits() {
        return permits;
    }

    public String outbound() {
        return run.source().outbound();
    }

    /** The requests still to be made. */
    public List<AddLeadRequest> unsent() {
        return unsent;
    }

    List<LeadIntent> unsentIntents() {
        return unsent.stream().map(AddLeadRequest::intent).toList();
    }

    ReleaseWaves.Grant grant() {
        return grant;
    }

    /** Leads that were released and not sent. */
    int withheld() {
        return unsent.size()
                + (int) outcomes.stream()
                        .filter(outcome ->
                                outcome.state() == RowState.SUPPRESSED || outcome.state() == RowState.CANCELLED)
                        .count();
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    void sendAgain(List<AddLeadRequest> requests) {
        unsent = requests;
    }

    /** Gives up what is not sent yet. */
    void cancel() {
        Answer cancelled = Answer.of(Answer.Kind.CANCELLED, CANCELLED);
        unsent.forEach(request -> settle(request, RowState.CANCELLED, cancelled, null));
        unsent = List.of();
    }

    void settle(SendResult sent, RowState state) {
        settle(sent.request(), state, sent.answer(), sent.at());
    }

    private void settle(AddLeadRequest request, RowState state, Answer answer, Instant at) {
        LeadIntent intent = request.intent();
        outcomes.add(new Outcome(
                intent.row(),
                intent.line(),
                state,
                intent.externalId(),
                answer.leadId(),
                answer.reason(),
                intent.phoneNumber(),
                at));
    }
}
