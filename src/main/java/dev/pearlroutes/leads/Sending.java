package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.Leads;
import dev.pearlroutes.ledger.RowState;
import dev.pearlroutes.ledger.Source;
import dev.pearlroutes.ledger.Waves;
import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.nlpearl.Lines;
import dev.pearlroutes.nlpearl.Paths;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/** The second pass over a source: durable intents out, answers in, outcomes on record. */
public final class Sending {
    private final Leads leads;
    private final Waves waves;
    private final Lines lines;
    private final Candidates candidates;
    private final Paths paths;
    private final Progress progress;
    private final LongPredicate cancelled;
    private final int batchSize;
    private final Clock clock;
    private final Map<Long, Batches> running = new ConcurrentHashMap<>();

    /**
     * @param cancelled whether the source of this number is cancelled
     * @param batchSize rows of a batch: a small multiple of the requests in flight, since a kill -9 turns the intents of the
     *     batches under way into unknowns
     */
    public Sending(
            Leads leads,
            Waves waves,
            Lines lines,
            Candidates candidates,
            Paths paths,
            Progress progress,
            LongPredicate cancelled,
            int batchSize,
            Clock clock) {
        this.leads = leads;
        this.waves = waves;
        this.lines = lines;
        this.candidates = candidates;
        this.paths = paths;
        this.progress = progress;
        this.cancelled = cancelled;
        this.batchSize = batchSize;
        this.clock = clock;
    }

    /** Whether the rows of a source are leads to be sent. */
    public boolean sends(Run run) {
        return run.source().operation() == Source.Operation.ADD;
    }

    /** The batches of a scanned source, for the Splitter. */
    public Iterator<Batch> batches(Run run) {
        Source source = run.source();
        String outbound = source.outbound();
        LeadReader reader = run.open();
        long planned = run.isNew() ? 0 : leads.planned(source);
        for (long row = 0; row < planned && reader.hasNext(); row++) {
            reader.next();
        }
        run.resume(planned);
        Batches batches = new Batches(
                run,
                reader,
                row -> candidates.of(outbound, row),
                intent -> new Request(intent, source.id(), outbound, paths.addLead(outbound)),
                leads,
                waves,
                () -> cancelled.test(source.id()),
                () -> sideBySide(outbound),
                batchSize,
                lines,
                clock);
        running.put(source.id(), batches);
        waves.goOn(source);
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

    /** Whether the batch has requests to make now; waits while its line is stopped, holding no thread that sends. */
    public boolean mayGoOn(Batch batch) throws InterruptedException {
        long sourceId = batch.run().source().id();
        if (batch.unsent().isEmpty() || !lines.await(batch.outbound(), () -> cancelled.test(sourceId))) {
            return false;
        }
        if (cancelled.test(sourceId)) {
            batch.cancel();
        }
        return !batch.unsent().isEmpty();
    }

    /** The time, to be taken before a request begins. */
    public Instant now() {
        return clock.instant();
    }

    /** Of the request, below the API's base address. */
    public String path(@Body Request request) {
        return request.path();
    }

    /** Of the request, as JSON. */
    public String body(@Body Request request) {
        return request.body();
    }

    /** Tells the line of an answer and keeps the two together. @param began when the request did; null when it did not */
    public Sent answered(@Variable("request") Request request, @Variable("began") Instant began, @Body Answer answer) {
        lines.heard(request.outbound(), request, answer);
        Instant at = answer.kind() == Answer.Kind.ACCEPTED ? began : clock.instant();
        return new Sent(request, answer, at, lines.accepted(request.outbound()));
    }

    /** Settles what the answers settle; the rest is to be sent again. */
    public Batch settle(Batch batch, List<Sent> answers) {
        List<Sent> suspects = new ArrayList<>();
        List<Request> again = new ArrayList<>();
        for (Sent sent : answers) {
            Answer answer = sent.answer();
            if (answer.kind() == Answer.Kind.SUSPECT) {
                suspects.add(sent);
            } else if (answer.kind().unsent()) {
                again.add(sent.request());
            } else {
                batch.settle(sent, RowState.valueOf(answer.kind().name()));
            }
        }
        boolean alone = answers.stream().filter(Sending::asked).count() == 1;
        again.addAll(judge(batch, suspects, alone));
        batch.sendAgain(again);
        return batch;
    }

    /** Records the outcomes and puts unsent intents back, so that a later run reads their rows again. */
    public void record(Batch batch) {
        leads.record(batch.run().source(), batch.outcomes(), batch.unsentIntents(), clock.instant());
        waves.giveBack(batch.run().source(), batch.grant(), batch.withheld());
        batch.run().advance(batch.rows() - batch.unsent().size());
        running.get(batch.run().source().id()).recorded(batch);
    }

    /** Gives a batch up whose requests may have been made: its intents stay as they are, for the {@link Backlog} to find. */
    public void abandon(Batch batch, Exception e) {
        batch.run().fail(e);
        running.get(batch.run().source().id()).recorded(batch);
    }

    /**
     * Ends the run.
     *
     * @return whether every row has an outcome, so that the source can be finished; false when the process is stopping, or the
     *     rest waits for the next wave
     * @throws Exception what ended the run early
     */
    public boolean complete(Run run) throws Exception {
        running.remove(run.source().id());
        progress.ended(run);
        waves.ended(run.source(), clock.instant());
        if (lines.stopping()) {
            return run.failure() == null && run.done() == run.source().rows();
        }
        if (run.failure() != null) {
            throw run.failure();
        }
        if (run.rest() != null) {
            waves.rest(run.source(), run.rest(), clock.instant());
            progress.rests(run);
            return false;
        }
        if (run.done() != run.source().rows()) {
            throw new IllegalStateException(
                    run.done() + " of " + run.source().rows() + " rows were found when it was sent");
        }
        return true;
    }

    private static boolean asked(Sent sent) {
        Answer.Kind kind = sent.answer().kind();
        return kind != Answer.Kind.HELD && !kind.withheld();
    }

    /**
     * A suspect is its lead's own trouble when another lead is accepted after it was refused. It is too when it was the only one
     * that was asked for, of an outbound that is known to be right and is not stopped for doubts that no read has answered. Else
     * it is set aside. That there is no credit is no lead's trouble.
     *
     * @param alone whether one request of the batch was made, and no other
     * @return the requests to be made again, after all others, so that they are not the first ones tried
     */
    private List<Request> judge(Batch batch, List<Sent> suspects, boolean alone) {
        String outbound = batch.outbound();
        List<Sent> aside = new ArrayList<>();
        for (Sent sent : suspects) {
            if (!sent.answer().unpaid() && lines.accepted(outbound) > sent.acceptedBefore()) {
                batch.settle(sent, RowState.REJECTED);
                lines.goOnWith(outbound);
            } else {
                aside.add(sent);
            }
        }
        if (aside.isEmpty()) {
            return List.of();
        }
        if (!leads.everAccepted(outbound) && lines.accepted(outbound) == 0) {
            lines.stopOutbound(outbound, aside.get(0).answer().reason());
        } else if (alone && !aside.get(0).answer().unpaid() && lines.tryNext(outbound)) {
            batch.settle(aside.get(0), RowState.REJECTED);
            return List.of();
        }
        return aside.stream().map(Sent::request).toList();
    }
}
