package dev.pearlroutes.leads;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;

/**
 * Gathers the answers of a batch in an exchange of its own: one made by an error handler is marked as handled, and an
 * aggregate with that mark ends the route in silence, its batch neither settled nor recorded.
 */
public final class SentAnswers implements AggregationStrategy {
    @Override
    public Exchange aggregate(Exchange gathered, Exchange answered) {
        Exchange all = gathered;
        if (all == null) {
            all = new DefaultExchange(answered.getContext());
            all.getMessage().setBody(new ArrayList<Sent>());
        }
        @SuppressWarnings("unchecked")
        List<Sent> list = all.getMessage().getBody(List.class);
        list.add(answered.getMessage().getBody(Sent.class));
        return all;
    }
}
