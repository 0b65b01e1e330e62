package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.Candidate;
import dev.pearlroutes.ledger.Outcome;
import dev.pearlroutes.ledger.RowState;
import dev.pearlroutes.ledger.Waves;
import dev.pearlroutes.nlpearl.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Rows of a source whose intents became durable together and whose outcomes are recorded together. */
public final class Batch {
    /** The reason of rows that were cancelled. */
    public static final String CANCELLED = "cancelled before it was sent";

    private final Run run;
    private final long rows;
    private final int permits;
    private final Waves.Grant grant;
    private List<Request> unsent;
    private final List<Outcome> outcomes = new ArrayList<>();

    /**
     * @param rows how many rows of the source the batch stands for, those that are not sent included
     * @param permits it holds as long as it is under way
     * @param grant by which the leads of the batch are released
     */
    Batch(Run run, long rows, int permits, Waves.Grant grant, List<Request> unsent) {
        this.run = run;
        this.rows = rows;
        this.permits = permits;
        this.grant = grant;
        this.unsent = unsent;
    }

    Run run() {
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
    public List<Request> unsent() {
        return unsent;
    }

    List<Candidate> unsentIntents() {
        return unsent.stream().map(Request::intent).toList();
    }

    Waves.Grant grant() {
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

    void sendAgain(List<Request> requests) {
        unsent = requests;
    }

    /** Gives up what is not sent yet. */
    void cancel() {
        Answer cancelled = Answer.of(Answer.Kind.CANCELLED, CANCELLED);
        unsent.forEach(request -> settle(request, RowState.CANCELLED, cancelled, null));
        unsent = List.of();
    }

    void settle(Sent sent, RowState state) {
        settle(sent.request(), state, sent.answer(), sent.at());
    }

    private void settle(Request request, RowState state, Answer answer, Instant at) {
        Candidate intent = request.intent();
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
