package dev.pearlroutes.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.model.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What was told, as the ledger keeps it.
 *
 * @param entries oldest first
 * @param mailedAt when the last mail was sent; the epoch for never
 */
record OpsState(List<Entry> entries, Instant mailedAt) {
    static final OpsState NONE = new OpsState(List.of(), Instant.EPOCH);

    /** Most entries that are kept for a mail: an outage of the mail server must not fill the ledger. */
    private static final int MOST = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A trouble, or what happened once.
     *
     * @param until when it ended; null while it is open; of what happened once the same as since
     * @param mailed whether a mail has reported that it began
     */
    record Entry(Trouble trouble, Instant since, Instant until, boolean mailed) {
        boolean open() {
            return until == null;
        }

        boolean once() {
            return since.equals(until);
        }

        Entry endedAt(Instant end) {
            // Not the instant at which it began, which stands for what happened once.
            return new Entry(trouble, since, end.isAfter(since) ? end : since.plusMillis(1), mailed);
        }

        Entry told() {
            return new Entry(trouble, since, until, true);
        }
    }

    Optional<Entry> openOf(String key) {
        return open().filter(entry -> entry.trouble().key().equals(key)).findFirst();
    }

    Stream<Entry> open() {
        return entries.stream().filter(Entry::open);
    }

    OpsState with(Collection<Entry> more) {
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(more);
        return new OpsState(List.copyOf(all.subList(Math.max(0, all.size() - MOST), all.size())), mailedAt);
    }

    /** Ends troubles. Those whose beginning no mail has reported are forgotten, and all of them where there is no mail. */
    OpsState ended(Set<String> keys, boolean byMail, Instant at) {
        return new OpsState(
                entries.stream()
                        .map(entry ->
                                entry.open() && keys.contains(entry.trouble().key()) ? entry.endedAt(at) : entry)
                        .filter(entry -> entry.open() || byMail && (entry.once() || entry.mailed()))
                        .toList(),
                mailedAt);
    }

    /** Notes that a mail has reported entries: what is over need not be kept any more. */
    OpsState mailed(Collection<Entry> told, Instant at) {
        UnaryOperator<Entry> mark = entry -> told.contains(entry) ? entry.told() : entry;
        return new OpsState(
                entries.stream()
                        .filter(entry -> entry.open() || !told.contains(entry))
                        .map(mark)
                        .toList(),
                at);
    }

    String json() {
        ObjectNode state = JSON.createObjectNode().put("mailedAt", mailedAt.toString());
        entries.forEach(entry -> {
            ObjectNode node = state.withArray("entries").addObject();
            node.put("kind", entry.trouble().kind());
            node.put("outbound", entry.trouble().outbound());
            node.put("subject", entry.trouble().subject());
            node.put("text", entry.trouble().text());
            node.put("since", entry.since().toString());
            node.put("until", entry.open() ? null : entry.until().toString());
            node.put("mailed", entry.mailed());
        });
        return state.toString();
    }

    /** @throws IllegalStateException when it is nothing that {@link #json} has written */
    static OpsState of(String text) {
        try {
            JsonNode state = JSON.readTree(text);
            List<Entry> entries = new ArrayList<>();
            for (JsonNode node : state.path("entries")) {
                entries.add(new Entry(
                        new Trouble(
                                node.get("kind").textValue(),
                                node.get("outbound").textValue(),
                                node.get("subject").textValue(),
                                node.get("text").textValue()),
                        Instant.parse(node.get("since").textValue()),
                        node.get("until").isNull()
                                ? null
                                : Instant.parse(node.get("until").textValue()),
                        node.get("mailed").booleanValue()));
            }
            return new OpsState(
                    List.copyOf(entries), Instant.parse(state.get("mailedAt").textValue()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was told of troubles cannot be read", e);
        }
    }
}
