package dev.pearlroutes.updates;

import dev.pearlroutes.model.FailedStop;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.suppression.Suppression;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries again to stop the leads that could not be stopped, each by the id under which NLPearl has it now. */
public final class StopRetries {
    private static final Logger LOG = LoggerFactory.getLogger(StopRetries.class);

    /** Leads of an outbound at a time: few enough that the others do not wait long. */
    private static final int MOST = 50;

    private final FailedStops failedStops;
    private final StopRequestFactory requests;
    private final UpdateRecorder recorder;
    private final Suppression suppression;
    private final CircuitBreakers breakers;
    private final Clock clock;

    public StopRetries(
            FailedStops failedStops,
            StopRequestFactory requests,
            UpdateRecorder recorder,
            Suppression suppression,
            CircuitBreakers breakers,
            Clock clock) {
        this.failedStops = failedStops;
        this.requests = requests;
        this.recorder = recorder;
        this.suppression = suppression;
        this.breakers = breakers;
        this.clock = clock;
    }

    /** Makes the requests whose time has come, of outbounds whose circuit is closed. */
    public List<StopRetry> due() {
        Instant now = clock.instant();
        return failedStops.outbounds().stream()
                .filter(requests::canBeMade)
                .filter(breakers::maySend)
                .flatMap(outbound -> failedStops.due(outbound, now, MOST).stream())
                .filter(this::mustBeStopped)
                .map(requests::request)
                .toList();
    }

    /** A number that was taken off the lists may be called; whoever else wants its lead stopped says so anew. */
    private boolean mustBeStopped(FailedStop stop) {
        boolean must = stop.cause() != Source.Operation.SUPPRESS || suppression.mayHave(stop.outbound(), stop.phone());
        if (!must) {
            recorder.forgetStop(stop);
        }
        return must;
    }

    /** Takes in that a look-up failed: the lead is tried by the id that is known. */
    public void notLookedUp(Exception reason) {
        LOG.debug("A lead that could not be stopped could not be looked up either", reason);
    }

    /** Records the answer. Where the API was not asked nothing has changed, and the lead is due as before. */
    public void settle(UpdateProcessor.Answered answered) {
        StopRetry retry = (StopRetry) answered.request();
        switch (answered.answer().kind()) {
            case ACCEPTED -> recorder.recordStop(retry.stop(), retry.getLeadId(), clock.instant());
            case REJECTED, AMBIGUOUS_REFUSAL, UNKNOWN ->
                failedStops.failedAgain(retry.stop(), answered.answer().reason(), clock.instant());
            default -> {
                // An open circuit or a pause, which ends by itself.
            }
        }
    }
}
