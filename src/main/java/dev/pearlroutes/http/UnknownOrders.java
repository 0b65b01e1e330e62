package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.sending.UnknownLeads;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leads whose answer never came: they are listed, and a person decides on them as by the command {@code unknown}. */
public final class UnknownOrders {
    private static final Logger LOG = LoggerFactory.getLogger(UnknownOrders.class);

    private final Asked asked;
    private final UnknownLeads unknownLeads;
    private final Events events;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();

    public UnknownOrders(Asked asked, UnknownLeads unknownLeads, Events events, Clock clock) {
        this.asked = asked;
        this.unknownLeads = unknownLeads;
        this.events = events;
        this.clock = clock;
    }

    /** Names a lead among the unknown ones. */
    private static String id(UnknownLead lead) {
        return lead.source().id() + "-" + lead.row();
    }

    /**
     * Lists unknown leads as JSON, by source and line.
     *
     * @param outbound null for all
     * @param after {@code next} of the page before; null at first
     * @param limit null for the usual one
     */
    public String list(String outbound, String after, String limit) {
        int most = Asked.limit(limit);
        String only = outbound == null || outbound.isEmpty() ? null : asked.outbound(outbound);
        List<UnknownLead> leads = unknownLeads.list(only, null).stream()
                .filter(lead -> after == null || after.isEmpty() || isAfter(lead, after))
                .sorted(Comparator.comparingLong(
                                (UnknownLead lead) -> lead.source().id())
                        .thenComparingLong(UnknownLead::row))
                .limit(most + 1L)
                .toList();
        ObjectNode page = json.createObjectNode();
        ArrayNode told = page.putArray("leads");
        leads.stream().limit(most).forEach(lead -> add(told.addObject(), lead));
        if (leads.size() > most) {
            page.put("next", id(leads.get(most - 1)));
        }
        return page.toString();
    }

    private static boolean isAfter(UnknownLead lead, String after) {
        if (!after.matches("[0-9]{1,18}-[0-9]{1,18}")) {
            throw Asked.wrong("after is next of the page before");
        }
        long source = Long.parseLong(after.substring(0, after.indexOf('-')));
        long row = Long.parseLong(after.substring(after.indexOf('-') + 1));
        return lead.source().id() > source || lead.source().id() == source && lead.row() > row;
    }

    private void add(ObjectNode told, UnknownLead lead) {
        told.put("id", id(lead));
        told.put("outbound", lead.source().outbound());
        told.put("source", lead.source().id());
        events.origin(lead.source().origin(lead.line()))
                .properties()
                .forEach(member -> told.set(member.getKey(), member.getValue()));
        told.put("externalId", lead.externalId());
        told.put("since", lead.since().toString());
        told.put("reason", lead.reason());
    }

    /** Has leads sent again unless they are found. @param id of a lead, as the list has it, or of a source for all of its */
    public String release(String id) {
        return decide(id, "released", lead -> unknownLeads.release(lead, clock.instant()));
    }

    /** Gives leads up. @param id as of {@link #release} */
    public String drop(String id) {
        return decide(id, "dropped", lead -> unknownLeads.giveUp(lead, clock.instant()));
    }

    private String decide(String id, String done, Predicate<UnknownLead> decision) {
        long count = unknownLeads.list(null, null).stream()
                .filter(lead -> id.equals(id(lead))
                        || id.equals(Long.toString(lead.source().id())))
                .filter(decision)
                .count();
        if (count == 0) {
            throw Asked.unknown("unknown lead");
        }
        LOG.info("{} by HTTP: {}", done, LogText.count(count, "unknown lead"));
        return json.createObjectNode().put(done, count).toString();
    }
}
