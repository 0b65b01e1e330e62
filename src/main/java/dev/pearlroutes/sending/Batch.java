package dev.pearlroutes.sending;

import dev.pearlroutes.intake.SourceRun;
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

    /** Counts the leads that were released and not sent. */
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

    /** Cancels what is not sent yet. */
    void cancel() {
        unsent.forEach(request -> settle(request.intent(), RowState.CANCELLED, null, Cancellations.REASON, null));
        unsent = List.of();
    }

    void settle(SendResult sent, RowState state) {
        Answer answer = sent.answer();
        settle(sent.request().intent(), state, answer.leadId(), answer.reason(), sent.at());
    }

    private void settle(LeadIntent intent, RowState state, String leadId, String reason, Instant at) {
        outcomes.add(new Outcome(
                intent.row(), intent.line(), state, intent.externalId(), leadId, reason, intent.phoneNumber(), at));
    }
}
