package dev.pearlroutes.upkeep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.LeadRecord;
import dev.pearlroutes.rows.CellText;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The story of a lead: all that rows, calls and kept events in the ledger say of it. Nothing is written for it, so what is not recorded
 * or was purged is left out.
 */
public final class LeadStory {
    /** Numbers of events that are looked through at once, so that others get the ledger in between. */
    private static final int CHUNK = 2_000;

    /** Most rows of one number that are told: a number for tests may have any number of them. */
    private static final int MOST_ROWS = 1_000;

    private final Ledger ledger;
    private final DataFolders folders;
    private final List<Outbound> outbounds;
    private final PhoneNumbers phoneNumbers = new PhoneNumbers();
    private final Erasure erasure;
    private final Events events = new Events(Clock.systemUTC());
    private final ObjectMapper json = new ObjectMapper();

    /** @param outbounds those that are looked through */
    public LeadStory(Ledger ledger, DataFolders folders, List<Outbound> outbounds) {
        this.ledger = ledger;
        this.folders = folders;
        this.outbounds = List.copyOf(outbounds);
        this.erasure = new Erasure(ledger);
    }

    /**
     * What leads are looked for by. One of them is given, the others are null.
     *
     * @param leadId the API's id
     * @param phoneNumber as people write it; without a country code it is one of each outbound's default region
     */
    public record Asked(String externalId, String leadId, String phoneNumber) {
        /** @throws IllegalArgumentException when not exactly one of them is given */
        public Asked {
            externalId = CellText.clean(externalId == null ? "" : externalId);
            leadId = CellText.clean(leadId == null ? "" : leadId);
            phoneNumber = CellText.clean(phoneNumber == null ? "" : phoneNumber);
            if (Stream.of(externalId, leadId, phoneNumber)
                            .filter(given -> !given.isEmpty())
                            .count()
                    != 1) {
                throw new IllegalArgumentException("give one of externalId, leadId and phoneNumber, and no other");
            }
        }

        @Override
        public String toString() {
            return "Asked";
        }
    }

    /** What is known of the leads in one outbound: the keys that they are told by. */
    private record Found(List<LeadRecord> rows, Set<String> externalIds, Set<String> leadIds, String phoneNumber) {
        boolean isIn(JsonNode data) {
            return externalIds.contains(data.path("externalId").asText())
                    || leadIds.contains(data.path("leadId").asText())
                    || phoneNumber != null
                            && Stream.of("phoneNumber", "from", "to")
                                    .anyMatch(member ->
                                            phoneNumber.equals(data.path(member).asText()));
        }

        /** The words of which an event about one of the leads has at least one. */
        Set<String> words() {
            Set<String> words = new TreeSet<>(externalIds);
            words.addAll(leadIds);
            if (phoneNumber != null) {
                words.add(phoneNumber);
            }
            return words;
        }
    }

    /**
     * Tells what is known, as {@code {"leads": […]}}; the oldest lead of each outbound comes first.
     *
     * @throws IllegalArgumentException when the number is none in any outbound; the message does not repeat it
     */
    public ObjectNode of(Asked asked) {
        ObjectNode story = json.createObjectNode();
        ArrayNode leads = story.putArray("leads");
        boolean any = asked.phoneNumber().isEmpty();
        String reason = "there is no outbound";
        for (Outbound outbound : outbounds) {
            PhoneNumbers.Parsed number = asked.phoneNumber().isEmpty()
                    ? null
                    : phoneNumbers.toE164(asked.phoneNumber(), outbound.defaultRegion());
            if (number == null || number.e164() != null) {
                any = true;
                tell(outbound.name(), find(outbound.name(), asked, number == null ? null : number.e164()), leads);
            } else {
                reason = number.reason();
            }
        }
        if (!any) {
            throw new IllegalArgumentException("the phoneNumber cannot be looked for, since it " + reason);
        }
        return story;
    }

    private Found find(String outbound, Asked asked, String phoneNumber) {
        Set<String> externalIds = new TreeSet<>();
        Set<String> leadIds = new TreeSet<>();
        List<LeadRecord> rows;
        if (phoneNumber != null) {
            byte[] phone = ledger.keyedHash().of(phoneNumber);
            rows = ledger.read(tx -> tx.leadHistory().ofPhone(outbound, phone, MOST_ROWS));
            externalIds.add(ledger.keyedHash().derivedExternalId(outbound, phoneNumber));
        } else if (!asked.leadId().isEmpty()) {
            leadIds.add(asked.leadId());
            rows = ledger.read(tx -> tx.leadHistory().ofLeadId(outbound, asked.leadId()));
        } else {
            externalIds.addAll(erasure.spellings(outbound, asked.externalId()));
            rows = externalIds.stream()
                    .flatMap(id -> ledger.read(tx -> tx.leadHistory().ofExternalId(outbound, id)).stream())
                    .toList();
        }
        rows.stream().map(LeadRecord::leadId).filter(id -> id != null).forEach(leadIds::add);
        rows.stream().map(LeadRecord::externalId).filter(id -> id != null).forEach(externalIds::add);
        return new Found(rows, externalIds, leadIds, phoneNumber);
    }

    private void tell(String outbound, Found found, ArrayNode leads) {
        LeadTales tales = new LeadTales(outbound, ledger, events);
        found.rows().forEach(tales::add);
        Map<String, Long> positions = ledger.read(tx -> tx.sinks().positions(outbound));
        Optional<Long> first = ledger.read(tx -> tx.events().first(outbound));
        long last = first.isEmpty() ? 0 : ledger.read(tx -> tx.events().newest());
        List<String> words = words(found);
        for (long from = first.orElse(1L); from <= last; from += CHUNK) {
            long begin = from;
            long end = Math.min(last, from + CHUNK - 1);
            for (Event event : ledger.read(tx -> tx.events().mentioning(outbound, words, begin, end))) {
                JsonNode read = read(event);
                if (found.isIn(read.path("data"))) {
                    tales.add(read, sinks(event.seq(), read.path("id").asText(), positions));
                }
            }
        }
        tales.addTo(leads);
    }

    /** Each as it stands in an event: in quotation marks. */
    private List<String> words(Found found) {
        return found.words().stream()
                .map(word -> json.getNodeFactory().textNode(word).toString())
                .toList();
    }

    private JsonNode read(Event event) {
        try {
            return json.readTree(event.json());
        } catch (JsonProcessingException e) {
            // Without its cause, which may quote the data.
            throw new IllegalStateException("the ledger holds an event that is no JSON");
        }
    }

    private ObjectNode sinks(long seq, String id, Map<String, Long> positions) {
        ObjectNode sinks = json.createObjectNode();
        positions.forEach((sink, position) -> sinks.put(
                sink,
                Files.exists(folders.undelivered(sink).resolve(id + ".json"))
                        ? "undelivered"
                        : seq <= position ? "delivered" : "waiting"));
        return sinks;
    }
}
