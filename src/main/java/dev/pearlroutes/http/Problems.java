package dev.pearlroutes.http;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerException;
import dev.pearlroutes.nlpearl.UnreadableWebhookException;
import dev.pearlroutes.rows.UnreadableSourceException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests whose route has failed. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** Puts the answer to a failure into the exchange. */
    public void answer(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        Problem problem = problem(failure, exchange.getFromRouteId());
        Message answer = JsonAnswers.put(exchange, problem);
        if (problem.status() == HttpDoor.UNAVAILABLE) {
            answer.setHeader("Retry-After", HttpDoor.RETRY_AFTER_SECONDS);
        }
    }

    private static Problem problem(Exception failure, String operation) {
        if (failure instanceof ProblemException refused) {
            return refused.problem();
        }
        if (failure instanceof UnreadableWebhookException) {
            return new Problem(400, "The body cannot be used", failure.getMessage());
        }
        if (failure instanceof UnreadableSourceException unreadable) {
            Long line = unreadable.line() == 0 ? null : Long.valueOf(unreadable.line());
            return new Problem(422, "The body cannot be used", "the body " + unreadable.getMessage(), line);
        }
        LOG.debug("The trace of the failure", failure);
        if (failure instanceof LedgerException || failure instanceof InterruptedException) {
            return new Problem(
                    HttpDoor.UNAVAILABLE,
                    "Not now",
                    "the ledger cannot be written, or the program stops: send it again");
        }
        LOG.error("{} failed: {}", operation, LogText.describe(failure, IllegalStateException.class));
        return new Problem(500, "The program failed", "see its log; the request may be made again");
    }
}
