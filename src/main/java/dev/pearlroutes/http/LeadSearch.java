package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.upkeep.LeadStory;
import java.io.IOException;
import java.util.Set;

/** The search for the story of a lead, whose keys come in a body, since addresses are logged everywhere. */
public final class LeadSearch {
    private static final Set<String> MEMBERS = Set.of("externalId", "leadId", "phoneNumber");

    private final LeadStory story;
    private final ObjectMapper json = new ObjectMapper();

    public LeadSearch(LeadStory story) {
        this.story = story;
    }

    /** Tells the story, as JSON. @param body a JSON object with one of {@code externalId}, {@code leadId}, {@code phoneNumber} */
    public String search(byte[] body) {
        JsonNode given = parsed(body);
        given.properties().forEach(member -> {
            if (!MEMBERS.contains(member.getKey()) || !member.getValue().isTextual()) {
                throw Asked.wrong(
                        "the body has other members than externalId, leadId or phoneNumber, or one that is no text");
            }
        });
        try {
            return story.of(new LeadStory.Asked(
                            given.path("externalId").textValue(),
                            given.path("leadId").textValue(),
                            given.path("phoneNumber").textValue()))
                    .toString();
        } catch (IllegalArgumentException e) {
            throw Asked.wrong(e.getMessage());
        }
    }

    private JsonNode parsed(byte[] body) {
        try {
            JsonNode given = json.readTree(body == null ? new byte[0] : body);
            if (given.isObject()) {
                return given;
            }
        } catch (IOException e) {
            // Its text may quote the body.
            throw Asked.wrong("the body is no JSON");
        }
        throw Asked.wrong("the body is no JSON object");
    }
}
