package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.delivery.DeadLetterFiles;
import dev.pearlroutes.delivery.DeadLetterFiles.DeadLetter;
import dev.pearlroutes.delivery.EventDispatcher;
import dev.pearlroutes.delivery.SinkStatus;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sinks: what waits for each, what each has refused, and the order to hand that over once more. */
public final class SinkReport implements StatusPart {
    private static final Logger LOG = LoggerFactory.getLogger(SinkReport.class);

    private final Asked asked;
    private final EventDispatcher dispatcher;
    private final DeadLetterFiles deadLetters;
    private final Ledger ledger;
    private final ObjectMapper json = new ObjectMapper();

    public SinkReport(Asked asked, EventDispatcher dispatcher, DeadLetterFiles deadLetters, Ledger ledger) {
        this.asked = asked;
        this.dispatcher = dispatcher;
        this.deadLetters = deadLetters;
        this.ledger = ledger;
    }

    @Override
    public void addTo(ObjectNode status) {
        if (ledger.problem().isEmpty()) {
            ArrayNode sinks = status.putArray("sinks");
            dispatcher.statuses().forEach(sink -> add(sinks.addObject(), sink));
        }
    }

    private void add(ObjectNode told, SinkStatus sink) {
        told.put("outbound", sink.outbound());
        told.put("sink", sink.sink());
        told.put(
                "state",
                sink.stopped() || sink.refusesEverything() ? "stopped" : sink.problem() == null ? "ready" : "fails");
        told.put("waiting", sink.waiting());
        if (sink.oldest() != null) {
            told.put("oldest", sink.oldest().toString());
        }
        if (sink.problem() != null) {
            told.put("why", sink.problem());
        }
        try {
            // Of all outbounds: it is a folder a sink.
            told.put("undelivered", deadLetters.count(sink.sink()));
        } catch (IOException e) {
            LOG.debug("The folder of the sink {} cannot be read", sink.sink(), e);
        }
    }

    /**
     * Lists what a sink has refused for good, page by page, as JSON.
     *
     * @param after {@code next} of the page before; null at first
     * @param limit null for the usual one
     */
    public String undelivered(String sink, String after, String limit) {
        int most = Asked.limit(limit);
        try {
            List<DeadLetter> letters = deadLetters.list(asked.sink(sink), after, most + 1);
            ObjectNode page = json.createObjectNode();
            ArrayNode events = page.putArray("events");
            letters.stream().limit(most).forEach(letter -> add(events.addObject(), letter));
            if (letters.size() > most) {
                page.put("next", letters.get(most - 1).id());
            }
            return page.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(ObjectNode told, DeadLetter letter) {
        told.put("id", letter.id());
        told.put("outbound", letter.outbound());
        told.put("type", letter.type());
        told.put("reason", letter.reason());
        told.put("at", letter.at());
    }

    /** Has all that a sink has refused handed over once more, as moving the files to {@code retry/} does. */
    public String retryAll(String sink) {
        try {
            return retried(sink, deadLetters.retryAll(asked.sink(sink)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has one event handed over once more. */
    public String retry(String sink, String id) {
        try {
            if (!deadLetters.retryOne(asked.sink(sink), id)) {
                throw Asked.unknown("undelivered event of this sink");
            }
            return retried(sink, 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String retried(String sink, long events) {
        LOG.info("{} that the sink {} has refused: retry was asked for by HTTP", LogText.count(events, "event"), sink);
        return json.createObjectNode().put("retried", events).toString();
    }
}
