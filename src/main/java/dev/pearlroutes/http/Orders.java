package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.approval.Approvals;
import dev.pearlroutes.calls.SearchSchedule;
import dev.pearlroutes.files.ControlFiles.Result;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.recall.Cancellations;
import dev.pearlroutes.recall.Pauses;
import java.time.Clock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orders that people give for outbounds and sources: each is what its control file does. */
public final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    private final Asked asked;
    private final Approvals approvals;
    private final Cancellations cancellations;
    private final Pauses pauses;
    private final SearchSchedule searches;
    private final Clock clock;

    public Orders(
            Asked asked,
            Approvals approvals,
            Cancellations cancellations,
            Pauses pauses,
            SearchSchedule searches,
            Clock clock) {
        this.asked = asked;
        this.approvals = approvals;
        this.cancellations = cancellations;
        this.pauses = pauses;
        this.searches = searches;
        this.clock = clock;
    }

    /** Holds the leads of an outbound. */
    public String pauseOutbound(String name) {
        return done(name, pauses.pauseOutbound(asked.outbound(name), clock.instant()));
    }

    /** Lets the leads of an outbound go. */
    public String resumeOutbound(String name) {
        return done(name, pauses.resumeOutbound(asked.outbound(name)));
    }

    /** Has the calls of an outbound searched now. */
    public String searchCalls(String name) {
        if (!searches.searchNow(asked.outbound(name))) {
            throw Asked.conflict("no calls are searched while the program is on hold");
        }
        return done(name, Result.done("to be searched for calls"));
    }

    /** Lets a source be sent that waits for a person. */
    public String approve(String id) {
        return carryOut(id, approvals::approveSource);
    }

    /** Sends no more of a source. */
    public String cancel(String id) {
        return carryOut(id, source -> cancellations.cancelSource(source, false));
    }

    /** Sends no more of a source, and stops its leads that were sent. */
    public String recall(String id) {
        return carryOut(id, source -> cancellations.cancelSource(source, true));
    }

    /** Holds the leads of a source. */
    public String pause(String id) {
        return carryOut(id, source -> pauses.pauseSource(source, clock.instant()));
    }

    /** Lets the leads of a source go. */
    public String resume(String id) {
        return carryOut(id, pauses::resumeSource);
    }

    private String carryOut(String id, Function<Source, Result> order) {
        Source source = asked.source(id);
        return done(LogText.printable(source.name()) + " of " + source.outbound(), order.apply(source));
    }

    private static String done(String what, Result result) {
        if (result.refused() != null) {
            throw Asked.conflict("the order " + result.refused());
        }
        LOG.info("{} is {}, by HTTP", what, result.done());
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        return answer.put("done", result.done()).toString();
    }
}
