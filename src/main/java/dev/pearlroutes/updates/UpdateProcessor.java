package dev.pearlroutes.updates;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.mapping.ChangeMapper;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UpdateResult;
import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.nlpearl.ApiPaths;
import dev.pearlroutes.nlpearl.Backoff;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.LeadFinder;
import dev.pearlroutes.nlpearl.ReadFailedException;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The work on sources of updates and look-ups. Both may be made twice, so that there is no intent to keep and nothing unknown:
 * what got no answer is asked again, and after a crash what has no outcome is.
 */
public final class UpdateProcessor {
    /** Tries of a row that gets no usable answer: fewer than what would pass for an outage. */
    static final int MOST_LOST = 4;

    /** Waits between rounds that failed. */
    private static final Backoff ROUND_WAITS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private final UpdatePlanner planner;
    private final UpdateRecorder recorder;
    private final CircuitBreakers breakers;
    private final ApiPaths paths;
    private final int batchSize;
    private final Clock clock;
    /** Outbounds whose id a read has shown to be right. */
    private final Set<String> proven = ConcurrentHashMap.newKeySet();

    public UpdateProcessor(
            UpdatePlanner planner,
            UpdateRecorder recorder,
            CircuitBreakers breakers,
            ApiPaths paths,
            int batchSize,
            Clock clock) {
        this.planner = planner;
        this.recorder = recorder;
        this.breakers = breakers;
        this.paths = paths;
        this.batchSize = batchSize;
        this.clock = clock;
    }

    /** A request and what came back. */
    public record Answered(LeadQuery request, Answer answer) {}

    /**
     * Opens a scanned source. {@link #close} ends it.
     *
     * @throws UnreadableSourceException when a row of the file is another one than the ledger has under its number
     */
    public UpdateRun open(SourceRun run) {
        planner.checkRecorded(run);
        return new UpdateRun(run, run.open());
    }

    /** Ends the work on a source, finished or not. */
    public void close(UpdateRun work) {
        planner.release(work.getRun().source());
        work.reader().close();
    }

    /** Begins the next batch of which anything has to be asked. @return false when there is none, and at shutdown */
    public boolean next(UpdateRun work) {
        while (!breakers.shutdown().requested()
                && work.settled()
                && work.reader().hasNext()) {
            Source source = work.getRun().source();
            List<ChangeMapper.Change> batch = new ArrayList<>();
            while (batch.size() < batchSize && work.reader().hasNext()) {
                batch.add(planner.change(source, work.reader().next()));
            }
            List<LeadQuery> requests = requests(source, batch);
            work.begin(batch.size(), requests);
            if (requests.isEmpty()) {
                work.recorded();
            } else {
                return true;
            }
        }
        return false;
    }

    /** Waits while the circuit is open or rounds have failed. @return whether the batch has requests to make now */
    public boolean awaitRound(UpdateRun work) throws InterruptedException {
        if (work.settled()) {
            return false;
        }
        if (work.failedRounds() > 0) {
            breakers.shutdown().sleep(ROUND_WAITS.after(work.failedRounds()));
        }
        // An open circuit holds up what changes something; a read may be made all the same.
        return work.getRun().source().operation() == Source.Operation.LOOKUP
                ? !breakers.shutdown().requested()
                : breakers.await(work.outbound());
    }

    /** Answers for a row whose lead was searched for and is not there. */
    public Answer nobody() {
        return Answer.of(Answer.Kind.REJECTED, "neither the ledger nor NLPearl knows a lead with this externalId");
    }

    /** Takes in the lead that Get Lead answered with. */
    public Answer found(LeadQuery request, JsonNode lead) {
        Map<String, Object> columns = new LinkedHashMap<>();
        JsonNode status = lead.path("status");
        columns.put(
                "_status",
                LeadStatus.ofCode(status.asInt(-1)).map(LeadStatus::apiName).orElse(status.asText("")));
        columns.put("_calls", lead.path("callsId").size());
        columns.put("_lastCall", lead.path("lastCall").path("startTime").asText(""));
        request.found(columns);
        return Answer.accepted(request.getLeadId());
    }

    /** Reports an answer to Update Lead to the circuit breakers. A refusal is the row's own when the outbound is known to be right. */
    public Answer onAnswer(LeadQuery request, Answer answer) {
        Answer judged = answer.kind() == Answer.Kind.AMBIGUOUS_REFUSAL && isRight(request.outbound())
                ? Answer.of(Answer.Kind.REJECTED, answer.reason())
                : answer;
        // One row that gets no answer however often it is asked is its own problem, and not the start of an outage.
        boolean known = judged.kind() == Answer.Kind.UNKNOWN && request.lost() > 0;
        if (!known || !breakers.maySend(request.outbound())) {
            breakers.onAnswer(request.outbound(), request, judged);
        }
        return judged;
    }

    /** Keeps an answer with its request. */
    public Answered answered(LeadQuery request, Answer answer) {
        return new Answered(request, answer);
    }

    /** Settles what the answers settle; what is left is asked again. */
    public void settle(UpdateRun work, List<Answered> answers) {
        boolean lookup = work.getRun().source().operation() == Source.Operation.LOOKUP;
        boolean failed = false;
        for (Answered each : answers) {
            Answer answer = each.answer();
            LeadQuery request = each.request();
            switch (answer.kind()) {
                case ACCEPTED -> settle(work, request, lookup ? RowState.FOUND : RowState.UPDATED, null);
                case REJECTED -> settle(work, request, lookup ? RowState.MISSING : RowState.REJECTED, answer.reason());
                case AMBIGUOUS_REFUSAL -> {
                    if (lookup) {
                        settle(work, request, RowState.MISSING, answer.reason());
                    } else {
                        breakers.openOutbound(work.outbound(), answer.reason());
                    }
                }
                case UNKNOWN -> {
                    failed = true;
                    if (request.lose() >= MOST_LOST) {
                        settle(
                                work,
                                request,
                                RowState.REJECTED,
                                lost(answer, work.getRun().source().operation()));
                    }
                }
                case SUPPRESSED -> settle(work, request, RowState.SUPPRESSED, answer.reason());
                default -> failed |= lookup;
            }
        }
        work.rounded(failed);
    }

    /** Records the outcomes of the batch. */
    public void record(UpdateRun work) {
        recorder.record(work.getRun().source(), work.done(), clock.instant());
        planner.release(work.getRun().source());
        work.recorded();
    }

    /** Ends the run. @return whether every row has an outcome, so that the source can be finished; false at shutdown */
    public boolean complete(SourceRun run) {
        boolean complete = run.done() == run.source().rows();
        if (!complete && !breakers.shutdown().requested()) {
            throw new IllegalStateException(
                    run.done() + " of " + run.source().rows() + " rows were found when it was worked on");
        }
        return complete;
    }

    private List<LeadQuery> requests(Source source, List<ChangeMapper.Change> batch) {
        Map<Long, Map<String, Object>> bodies = new LinkedHashMap<>();
        batch.forEach(change -> bodies.put(change.row().row(), change.body()));
        return planner.plan(source, batch.stream().map(ChangeMapper.Change::row).toList(), clock.instant()).stream()
                .map(row -> request(source.outbound(), row, bodies.get(row.row())))
                .toList();
    }

    private LeadQuery request(String outbound, LeadChange row, Map<String, Object> body) {
        Map<String, Object> whole = body;
        if (row.newExternalId() != null) {
            whole = new LinkedHashMap<>(body);
            whole.put("externalId", row.newExternalId());
        }
        // A path without an answer leaves open whether there is such a lead: the row is asked again.
        LeadFinder finder = row.leadId() != null
                ? null
                : new LeadFinder(paths, outbound, spellings(row), any -> true, ReadFailedException::refused);
        return new LeadQuery(outbound, row, whole, finder);
    }

    private static List<String> spellings(LeadChange row) {
        return row.formerId() == null ? List.of(row.externalId()) : List.of(row.externalId(), row.formerId());
    }

    private boolean isRight(String outbound) {
        if (breakers.idConfirmed(outbound)) {
            proven.add(outbound);
        }
        return proven.contains(outbound) || breakers.accepted(outbound) > 0 || planner.everAccepted(outbound);
    }

    private static void settle(UpdateRun work, LeadQuery request, RowState state, String reason) {
        LeadChange row = request.row().named(request.getLeadId());
        Outcome outcome =
                new Outcome(row.row(), row.line(), state, row.externalId(), row.leadId(), reason, row.newPhoneNumber());
        work.settle(request, new UpdateResult(row, outcome, request.found()));
    }

    private static String lost(Answer answer, Source.Operation operation) {
        String what = "no usable answer came " + MOST_LOST + " times (" + answer.reason() + ")";
        return switch (operation) {
            case UPDATE -> what + ": the change may have been made or not; give the row again";
            // Nobody drops again what this program made.
            case SUPPRESS, RECALL -> what + ": it is tried again by itself";
            default -> what;
        };
    }
}
