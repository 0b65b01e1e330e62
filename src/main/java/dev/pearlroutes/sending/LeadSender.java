package dev.pearlroutes.sending;

import dev.pearlroutes.intake.Progress;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.intake.UnfinishedSources;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.NotSentException;
import dev.pearlroutes.rows.RowReader;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/** The second pass over a source: durable intents out, answers in, outcomes on record. */
public final class LeadSender {
    private final BatchPlanner planner;
    private final OutcomeRecorder recorder;
    private final ReleaseWaves waves;
    private final CircuitBreakers breakers;
    private final Progress progress;
    private final Clock clock;
    private final Map<Long, BatchIterator> running = new ConcurrentHashMap<>();

    public LeadSender(
            BatchPlanner planner,
            OutcomeRecorder recorder,
            ReleaseWaves waves,
            CircuitBreakers breakers,
            Progress progress,
            Clock clock) {
        this.planner = planner;
        this.recorder = recorder;
        this.waves = waves;
        this.breakers = breakers;
        this.progress = progress;
        this.clock = clock;
    }

    /** Tells whether the rows of a source are leads to be sent. */
    public boolean isAddLead(SourceRun run) {
        return run.source().operation() == Source.Operation.ADD;
    }

    /** Begins a run of a scanned source. @return its batches, for the Splitter */
    public Iterator<Batch> batches(SourceRun run) {
        Source source = run.source();
        RowReader reader = run.open();
        long planned = planner.planned(run);
        for (long row = 0; row < planned && reader.hasNext(); row++) {
            reader.next();
        }
        run.resume(planned);
        BatchIterator batches = new BatchIterator(
                run, reader, planner, breakers.shutdown(), () -> sideBySide(source.outbound()), () -> isPaused(source));
        running.put(source.id(), batches);
        waves.resume(source);
        progress.began(run);
        return batches;
    }

    private boolean sideBySide(String outbound) {
        return running.values().stream()
                        .filter(each -> each.outbound().equals(outbound))
                        .limit(2)
                        .count()
                > 1;
    }

    /** Tells whether a file is paused, which ends its run. A message waits: the broker, or its sender, waits for it too. */
    private boolean isPaused(Source source) {
        return !source.message()
                && !planner.isCancelled(source)
                && breakers.holds().isPaused(source.outbound(), source.id());
    }

    /**
     * Waits while the circuit is open or leads are held, holding no thread that sends.
     *
     * @return whether the batch has requests to make now
     */
    public boolean awaitRound(Batch batch) throws InterruptedException {
        Source source = batch.run().source();
        if (batch.unsent().isEmpty()
                || !breakers.await(
                        batch.outbound(),
                        () -> planner.isCancelled(source) || isPaused(source),
                        () -> breakers.holds().holds(batch.outbound(), source.id()))) {
            return false;
        }
        if (planner.isCancelled(source)) {
            batch.cancel();
        } else if (isPaused(source)) {
            batch.run().pause();
            return false;
        }
        return !batch.unsent().isEmpty();
    }

    /**
     * Begins a request: from here on it may have been sent.
     *
     * @return a time before that
     * @throws NotSentException when it must not be made, since the process stops
     */
    public Instant begin(@Body AddLeadRequest request) {
        Instant at = clock.instant();
        try {
            recorder.begin(request, at);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotSentException("the process is stopping");
        }
        return at;
    }

    /** Answers with the path of the request, below the API's base address. */
    public String path(@Body AddLeadRequest request) {
        return request.path();
    }

    /** Answers with the body of the request, as JSON. */
    public String body(@Body AddLeadRequest request) {
        return request.body();
    }

    /** Reports an answer to the circuit breakers and keeps it with its request. @param began null when the request was not made */
    public SendResult answered(
            @Variable("request") AddLeadRequest request, @Variable("began") Instant began, @Body Answer answer) {
        if (began != null) {
            // First of all: it is not on the wire any more.
            recorder.end(request, answer);
        }
        breakers.onAnswer(request.outbound(), request, answer);
        Instant at = answer.kind() == Answer.Kind.ACCEPTED ? began : clock.instant();
        return new SendResult(request, answer, at, breakers.accepted(request.outbound()));
    }

    /** Settles what the answers settle; what is left is sent again. */
    public Batch settle(Batch batch, List<SendResult> answers) {
        List<SendResult> refusals = new ArrayList<>();
        List<AddLeadRequest> again = new ArrayList<>();
        for (SendResult sent : answers) {
            Answer answer = sent.answer();
            if (answer.kind() == Answer.Kind.AMBIGUOUS_REFUSAL) {
                refusals.add(sent);
            } else if (answer.kind().unsent()) {
                again.add(sent.request());
            } else {
                batch.settle(sent, sent.state());
            }
        }
        boolean alone = answers.stream().filter(LeadSender::asked).count() == 1;
        again.addAll(judge(batch, refusals, alone));
        batch.sendAgain(again);
        return batch;
    }

    /** Records the outcomes and puts unsent intents back, so that a later run reads their rows again. */
    public void record(Batch batch) {
        recorder.record(batch.run().source(), batch.outcomes(), batch.unsentIntents(), clock.instant());
        waves.giveBack(batch.run().source(), batch.grant(), batch.withheld());
        batch.run().advance(batch.rows() - batch.unsent().size());
        running.get(batch.run().source().id()).recorded(batch);
    }

    /** Gives a batch up whose requests may have been made: its intents stay as they are, for the {@link UnfinishedSources} to find. */
    public void abandon(Batch batch, Exception e) {
        batch.run().fail(e);
        running.get(batch.run().source().id()).recorded(batch);
    }

    /**
     * Ends the run.
     *
     * @return whether every row has an outcome, so that the source can be finished; false when the process is shutting down, or
     *     the remaining rows wait for the next wave, or are paused
     * @throws Exception what ended the run early
     */
    public boolean complete(SourceRun run) throws Exception {
        running.remove(run.source().id());
        progress.ended(run);
        waves.ended(run.source(), clock.instant());
        if (breakers.shutdown().requested()) {
            return run.failure() == null && run.done() == run.source().rows();
        }
        if (run.failure() != null) {
            throw run.failure();
        }
        if (run.nextWave() != null) {
            waves.waitForNext(run.source(), run.nextWave(), clock.instant());
            progress.waitsForWave(run);
            return false;
        }
        if (run.done() < run.source().rows() && run.paused()) {
            progress.isPaused(run);
            return false;
        }
        if (run.done() != run.source().rows()) {
            throw new IllegalStateException(
                    run.done() + " of " + run.source().rows() + " rows were found when it was sent");
        }
        return true;
    }

    private static boolean asked(SendResult sent) {
        Answer.Kind kind = sent.answer().kind();
        return kind != Answer.Kind.HELD && !kind.withheld();
    }

    /**
     * Settles ambiguous refusals. One is its lead's own when another lead was accepted after it. It is too when it was the only
     * request, of an outbound whose id is known to be right and whose circuit is not open for a doubt that no read has answered.
     * Else it is set aside. That there is no credit is no lead's own problem.
     *
     * @param alone whether one request of the batch was made, and no other
     * @return the requests to be made again, after all others, so that they are not the first ones tried
     */
    private List<AddLeadRequest> judge(Batch batch, List<SendResult> refusals, boolean alone) {
        String outbound = batch.outbound();
        List<SendResult> aside = new ArrayList<>();
        for (SendResult sent : refusals) {
            if (!sent.answer().unpaid() && breakers.accepted(outbound) > sent.acceptedBefore()) {
                batch.settle(sent, RowState.REJECTED);
                breakers.closeIfAccepted(outbound);
            } else {
                aside.add(sent);
            }
        }
        if (aside.isEmpty()) {
            return List.of();
        }
        if (!recorder.everAccepted(outbound) && breakers.accepted(outbound) == 0) {
            breakers.openOutbound(outbound, aside.get(0).answer().reason());
        } else if (alone && !aside.get(0).answer().unpaid() && breakers.allowNextTrial(outbound)) {
            batch.settle(aside.get(0), RowState.REJECTED);
            return List.of();
        }
        return aside.stream().map(SendResult::request).toList();
    }
}
