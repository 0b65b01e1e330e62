package dev.pearlroutes.http;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.intake.RequestIntake;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.intake.UnfinishedSources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work on requests that are in the ledger: one after the other, side by side, and again after a failure or restart. */
public final class RequestRuns {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRuns.class);

    /** Requests of an outbound and operation that are under way: more would wait longer than a client does. */
    private static final int MOST_UNDER_WAY = 10_000;

    private final Set<String> outbounds;
    private final RequestIntake intake;
    private final UnfinishedSources unfinished;
    private final Ledger ledger;
    private final Shutdown shutdown;
    private final RequestQueue queue;

    /**
     * @param outbounds that are configured
     * @param atOnce requests of an outbound and operation that are worked on at the same time
     */
    public RequestRuns(
            Set<String> outbounds,
            RequestIntake intake,
            UnfinishedSources unfinished,
            Ledger ledger,
            Shutdown shutdown,
            int atOnce) {
        this.outbounds = outbounds;
        this.intake = intake;
        this.unfinished = unfinished;
        this.ledger = ledger;
        this.shutdown = shutdown;
        this.queue = new RequestQueue(atOnce);
    }

    /** Says why no request is taken now; empty when one is. */
    Optional<String> refusal(String outbound, Source.Operation operation) {
        if (shutdown.requested()) {
            return Optional.of("the program stops: send it again");
        }
        if (ledger.problem().isPresent()) {
            return Optional.of("the ledger cannot be written: send it again later");
        }
        return queue.size(outbound, operation) < MOST_UNDER_WAY
                ? Optional.empty()
                : Optional.of(MOST_UNDER_WAY + " requests of the outbound are under way: send it again later");
    }

    /** Lists the requests that nobody works on, to be begun. */
    public List<Source> due() {
        return unfinished.dueRequests(outbounds);
    }

    /** Takes a request in. @return whether it is to be worked on now; otherwise {@link #next} gives it to one that is done */
    public boolean begin(Source request) {
        return queue.begin(request);
    }

    /** Opens a request. @return null when there is nothing to be done, or the program stops */
    public SourceRun open(Source request) {
        return shutdown.requested() ? null : intake.open(request.id()).orElse(null);
    }

    /** Ends a request that was worked on. @throws IllegalStateException when a row has no outcome, since the program stops */
    public void finish(SourceRun run) {
        intake.finish(run);
    }

    /** Notes that the work on a request has failed: it is taken up again, unless it cannot be read any more. */
    public void failed(Source request, Exception failure) {
        LOG.debug("The trace of the failure", failure);
        if (failure instanceof UnreadableSourceException) {
            intake.fail(request.id(), failure.getMessage());
            LOG.error(
                    "Request {} of {} cannot be used any more, {}: nothing more of it is sent",
                    request.id(),
                    request.outbound(),
                    failure.getMessage());
        } else if (!shutdown.requested()) {
            unfinished.failed(request.id(), LogText.describe(failure, IllegalStateException.class));
            return;
        }
        unfinished.ended(request.id());
    }

    /** Ends the work on a request. @return the next one that waits for it; null when none does */
    public Source next(Source request) {
        return queue.next(request);
    }

    /** Lets go of a request that was worked on to its end. */
    public void ended(Source request) {
        unfinished.ended(request.id());
    }

    void await(Source request, Duration most) throws InterruptedException {
        queue.await(request.id(), most);
    }
}
