package dev.pearlroutes.app;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.intake.UnfinishedSources;
import dev.pearlroutes.nlpearl.NotSentException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The report of what went wrong in a route: one line, without messages that may quote what was sent. */
public final class RouteErrorReport {
    private static final Logger LOG = LoggerFactory.getLogger(RouteErrorReport.class);

    private final UnfinishedSources unfinished;

    /** @param unfinished notes the sources that could not be worked on */
    RouteErrorReport(UnfinishedSources unfinished) {
        this.unfinished = unfinished;
    }

    /** Reports a source that could not be worked on; it is tried again. @param source its number; null before it had one */
    public void source(Long source, Exception e) {
        LOG.debug("The trace of the failure", e);
        if (source == null) {
            LOG.error("A dropped file is tried again: {}", describe(e));
        } else {
            unfinished.failed(source, describe(e));
        }
    }

    /** Reports a failed turn of a route that runs again by itself. */
    public void tick(String routeId, Exception e) {
        if (!(e instanceof NotSentException)) {
            LOG.warn("{} failed and tries again at its next turn: {}", routeId, describe(e));
            LOG.debug("The trace of the failure", e);
        }
    }

    private static String describe(Exception e) {
        if (e instanceof HttpOperationFailedException http) {
            return "the API answered " + http.getStatusCode();
        }
        return LogText.describe(e, IllegalStateException.class);
    }
}
