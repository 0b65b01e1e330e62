package dev.pearlroutes.calls;

import static dev.pearlroutes.ledger.LedgerFixture.AT;
import static dev.pearlroutes.ledger.LedgerFixture.column;
import static dev.pearlroutes.ledger.LedgerFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.nlpearl.UnreadableWebhookException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a webhook tells of a call, and what is read of the same one, in every order. */
class CallWebhooksTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private CallDesk desk;

    @BeforeEach
    void open() {
        desk = new CallDesk(folder);
        desk.accept(row(1, "crm-1"), row(2, "crm-2"));
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private static ObjectNode call(String id, int lead) {
        ObjectNode call = JSON.createObjectNode()
                .put("id", id)
                .put("pearlId", "pearl-1")
                .put("startTime", AT.plusSeconds(60).toString())
                .put("conversationStatus", 40)
                .put("status", 3)
                .put("from", "+12025550100")
                .put("to", row(lead, "").phoneNumber())
                .put("name", "Pearl");
        call.putNull("duration");
        return call;
    }

    private static ObjectNode ended(ObjectNode call) {
        call.put("conversationStatus", 100).put("status", 4).put("duration", 61).put("summary", "Wants an offer.");
        call.put("recording", "https://example.com/r");
        call.putArray("transcript")
                .addObject()
                .put("role", "Client")
                .put("content", "Yes.")
                .put("startTime", 1.5);
        call.putArray("collectedInfo")
                .addObject()
                .put("id", "interest")
                .put("name", "Interest")
                .put("value", "high");
        return call;
    }

    private List<String> events(String path) {
        return column(desk.ledger(), "SELECT json ->> '$." + path + "' FROM event WHERE stream = 'calls' ORDER BY seq");
    }

    private void assertOneEventARevision() {
        assertThat(events("id")).doesNotHaveDuplicates();
        assertThat(column(desk.ledger(), "SELECT coalesce(sum(revision), 0) FROM call"))
                .containsExactly(String.valueOf(events("id").size()));
    }

    // --- one revision ---

    @ParameterizedTest
    @ValueSource(strings = {"push poll", "poll push", "push push", "push poll push poll", "poll push poll"})
    void theSameCallByPushAndByPollIsOneRevision(String order) {
        ObjectNode call = ended(call("c", 1));
        desk.api(call, 1);

        for (String way : order.split(" ")) {
            desk.take(way, call);
            desk.join();
        }

        assertThat(events("data.revision")).containsExactly("1");
        assertThat(events("data.match")).containsExactly("exact");
        assertThat(events("data.summary")).containsExactly("Wants an offer.");
        assertThat(events("data.collectedData.interest")).containsExactly("high");
        assertOneEventARevision();
    }

    @ParameterizedTest
    @ValueSource(strings = {"push poll", "poll push"})
    void theSameIsThatWhileItsLeadIsStillToBeAsked(String order) {
        ObjectNode call = ended(call("c", 1));
        desk.api(call, 1);

        for (String way : order.split(" ")) {
            desk.take(way, call);
        }
        desk.join();

        assertThat(events("data.revision")).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource({
        "startTime, 2026-11-21T11:01:00+01:00",
        "startTime, 2026-11-21T10:01:00.0000000Z",
        "to, 12125551001",
        "status, 4",
        "status, Completed",
        "conversationStatus, success",
        "duration, 61",
        "duration, 61.0",
    })
    void theSameWrittenInAnotherWayIsTheSame(String member, String text) {
        ObjectNode call = ended(call("c", 1));
        desk.api(call, 1);
        desk.push(call.deepCopy().put(member, text));
        desk.join();
        desk.poll(call);
        desk.poll(call);
        desk.join();

        assertThat(events("data.revision")).containsExactly("1");
    }

    @Test
    void tagsThatOnlyTheSearchKnowsAreOneMoreRevision() {
        ObjectNode call = ended(call("c", 1));
        desk.api(call, 1);
        desk.push(call);
        desk.join();
        ObjectNode tagged = call.deepCopy();
        tagged.putArray("tags").add("reviewed");
        desk.poll(tagged);
        desk.join();
        desk.push(call);
        desk.join();

        assertThat(events("data.tags")).hasSize(2).last().isEqualTo("[\"reviewed\"]");
        assertThat(events("data.summary")).containsExactly("Wants an offer.", "Wants an offer.");
        assertOneEventARevision();
    }

    // --- the richer body wins ---

    @Test
    void anEarlierBodyThatComesLateTakesNothingBack() {
        ObjectNode call = ended(call("c", 1));
        desk.api(call, 1);
        desk.push(call);
        desk.join();
        desk.push(call("c", 1));
        desk.join();

        assertThat(events("data.final")).containsExactly("1");
        assertThat(events("data.status.name")).containsExactly("Completed");
    }

    @Test
    void aPageThatWasReadBeforeTheWebhookCameTakesNothingBack() {
        ObjectNode call = ended(call("c", 1));
        desk.api(call, 1);
        desk.push(call);
        desk.join();

        desk.pollBegunAt(AT.minusSeconds(5), call("c", 1));
        assertThat(events("data.final")).containsExactly("1");

        desk.poll(call);
        assertThat(events("data.final")).containsExactly("1");
    }

    @Test
    void whatIsReadLaterIsBelieved() {
        ObjectNode call = ended(call("c", 1));
        desk.api(call, 1);
        desk.push(call);
        desk.join();

        desk.poll(call.put("conversationStatus", 110));
        desk.join();
        desk.push(call.put("conversationStatus", 100));
        desk.join();

        assertThat(events("data.conversationStatus.code")).containsExactly("100", "110");
        assertOneEventARevision();
    }

    @Test
    void detailsThatComeLaterAreOneMoreRevision() {
        ObjectNode call = ended(call("c", 1));
        ObjectNode bare = call.deepCopy();
        bare.remove(List.of("summary", "transcript", "recording", "collectedInfo"));
        desk.api(bare, 1);
        desk.push(bare);
        desk.join();
        desk.push(call);
        desk.join();
        desk.push(bare);
        desk.push(call);
        desk.join();
        desk.poll(call);
        desk.join();

        assertThat(events("data.summary")).containsExactly(null, "Wants an offer.");
        assertThat(events("data.transcript[0].content")).containsExactly(null, "Yes.");
        assertOneEventARevision();
        assertThat(column(desk.ledger(), "SELECT count(*) FROM call WHERE seen IS NOT NULL"))
                .as("numbers stay no longer than they are needed")
                .containsExactly("0");
    }

    @Test
    void detailsThatComeWhileTheLeadIsAskedAreNotLost() {
        ObjectNode call = ended(call("c", 1));
        ObjectNode bare = call.deepCopy();
        bare.remove(List.of("summary", "transcript", "recording", "collectedInfo"));
        desk.api(bare, 1);
        desk.push(bare);
        desk.joinWhile(() -> desk.push(call));
        desk.join();

        assertThat(events("data.summary")).containsExactly("Wants an offer.");
    }

    @Test
    void fieldsThatAreNotWantedMakeNoRevision() {
        desk.close();
        desk = new CallDesk(folder.resolve("other"), "duration");
        desk.accept(row(1, "crm-1"));
        ObjectNode call = ended(call("c", 1));
        desk.api(call, 1);
        desk.poll(call);
        desk.join();
        desk.push(call);
        desk.join();

        assertThat(events("data.summary")).containsExactly((String) null);
        assertThat(column(desk.ledger(), "SELECT json FROM event WHERE stream = 'calls'"))
                .noneMatch(json -> json.contains("offer"));
    }

    // --- whose it is ---

    @Test
    void theStartOfACallIsToldWhenItsLeadIsNamed() {
        desk.push(call("c", 1).put("leadId", "lead-crm-2"));
        desk.poll(call("c", 1));

        assertThat(events("data.externalId")).containsExactly("crm-2");
        assertThat(events("data.match")).containsExactly("exact");
        assertThat(events("data.final")).containsExactly("0");
    }

    @Test
    void aLeadThatIsNamedIsTheOneAlsoWhenItsListLagsBehind() {
        ObjectNode call = ended(call("c", 1)).put("to", "+12125559999");
        desk.push(call.put("leadId", "lead-crm-2"));
        desk.join();

        assertThat(events("data.externalId")).containsExactly("crm-2");
        assertThat(events("data.summary")).containsExactly("Wants an offer.");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"+12125559999, -", "+12125559999, lead-of-others", "+12125551001, lead-of-others"})
    void aCallOfAnotherProgramIsLeftToTheSearch(String to, String leadId) {
        desk.push(ended(call("c", 1)).put("to", to).put("leadId", leadId));
        desk.join();

        assertThat(events("id")).isEmpty();
        assertThat(column(desk.ledger(), "SELECT count(*) FROM call")).containsExactly("0");
    }

    @Test
    void aCallToOneOfOurNumbersThatNoLeadOwnsUpToIsLeftToTheSearch() {
        ObjectNode call = ended(call("c", 1));
        desk.push(call);
        desk.joinToTheEnd();
        assertThat(events("id")).isEmpty();
        assertThat(column(desk.ledger(), "SELECT count(*) FROM call")).containsExactly("0");

        desk.poll(call);
        desk.joinToTheEnd();
        assertThat(events("data.match")).containsExactly("phone");
        assertOneEventARevision();
    }

    @Test
    void theSearchConfirmsACallThatWaitsForItsLead() {
        ObjectNode call = ended(call("c", 1));
        desk.push(call);
        desk.poll(call);
        desk.joinToTheEnd();

        assertThat(events("data.match")).containsExactly("phone");
        assertOneEventARevision();
    }

    @Test
    void aCallToANumberOfNoLeadIsAsItIsRead() {
        ObjectNode call = ended(call("c", 1)).put("to", "+12125559999");
        desk.poll(call);
        desk.push(call);
        desk.join();

        assertThat(events("data.match")).containsExactly("none");
        assertThat(events("data.summary")).containsExactly((String) null);
    }

    @Test
    void aCallThatAnEarlierVersionRecordedIsKnownAgain() {
        ObjectNode call = ended(call("c", 1));
        desk.api(call, 1);
        desk.poll(call);
        desk.join();
        desk.change("UPDATE call SET facts = NULL, told_amount = NULL");
        desk.push(call);
        desk.join();
        desk.poll(call);

        assertThat(events("data.revision")).containsExactly("1");
    }

    @Test
    void aFilterOfTheSearchDecidesWhichCallsAreTold() {
        desk.close();
        desk = new CallDesk(folder.resolve("other"), "duration\noutbound.acme.search-calls.tags=hot");
        desk.accept(row(1, "crm-1"));
        ObjectNode call = ended(call("c", 1)).put("leadId", "lead-crm-1");
        desk.push(call);
        desk.join();
        assertThat(events("id")).isEmpty();

        desk.poll(call("c", 1));
        desk.push(call);
        desk.join();
        assertThat(events("data.final")).containsExactly("0", "1");
    }

    // --- bodies ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"c\"",
                "17",
                "{}",
                "{\"id\":null}",
                "{\"id\":\"\"}",
                "{\"id\":17}",
                "{\"id\":\"a b\"}",
                "{\"id\":\"a\\nb\"}",
                "{\"id\":\"a\\u0000b\"}",
                "{\"id\":\"c\"",
                "{\"id\":\"c\"} {\"id\":\"d\"}",
                "<xml/>",
                "{\"id\":\"Zoë\"}",
            })
    void aBodyWithoutAnIdIsRefusedAndNotQuoted(String body) {
        assertThatThrownBy(() -> desk.webhooks().take("acme", body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableWebhookException.class)
                .hasNoCause()
                .hasMessageNotContaining("Zoë");
    }

    @Test
    void aBodyThatIsTooDeepOrNoTextIsRefused() {
        String deep = "{\"id\":\"c\",\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
        for (byte[] body : List.of(deep.getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xff, 0, 1})) {
            assertThatThrownBy(() -> desk.webhooks().take("acme", body)).isInstanceOf(UnreadableWebhookException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"status\":{}",
                "\"status\":\"what\"",
                "\"status\":1e400",
                "\"status\":99999999999999999999",
                "\"duration\":-5",
                "\"duration\":\"long\"",
                "\"duration\":1e99",
                "\"startTime\":\"+999999999-01-01T00:00:00Z\"",
                "\"startTime\":17",
                "\"to\":[]",
                "\"to\":12125551001",
                "\"tags\":{\"a\":1}",
                "\"tags\":[1,null,{}]",
                "\"transcript\":\"said\"",
                "\"transcript\":[1,null,\"x\"]",
                "\"collectedInfo\":{\"a\":null}",
                "\"collectedData\":7",
                "\"leadId\":{\"a\":1}",
                "\"leadId\":\"' OR 1=1 --\"",
                "\"somethingNew\":{\"deep\":[1,2,3]}",
            })
    void oddMembersDoNoHarm(String member) throws IOException {
        ObjectNode call = ended(call("c", 1)).put("leadId", "lead-crm-1");
        call.setAll((ObjectNode) JSON.readTree("{" + member + "}"));

        desk.push(call);
        desk.joinToTheEnd();
        desk.api(ended(call("c", 1)), 1);
        desk.poll(ended(call("c", 1)));
        desk.joinToTheEnd();

        assertThat(events("data.status.name")).last().isEqualTo("Completed");
        assertOneEventARevision();
    }

    @ParameterizedTest
    @ValueSource(strings = {"upper", "mixed"})
    void theOlderPayloadSaysTheSame(String names) {
        ObjectNode call = ended(call("c", 1)).put("leadId", "lead-crm-1");
        call.putObject("collectedData").put("Interest", "kept as it is");
        JsonNode older = CallDesk.pascalCase(call, names.equals("mixed"));

        assertThat(desk.webhooks().read(desk.normalised(older)).row())
                .isEqualTo(desk.webhooks().read(desk.normalised(call)).row());
        assertThat(desk.webhooks().read(desk.normalised(older)).details())
                .isEqualTo(desk.webhooks().read(desk.normalised(call)).details());
        assertThat(desk.normalised(older).at("/collectedData/Interest").asText())
                .isEqualTo("kept as it is");
    }

    @Test
    void recordingAndCollectedDataAreFoundWhereOthersHaveSeenThem() {
        ObjectNode call = call("c", 1).put("recordingUrl", "https://example.com/r");
        call.putObject("collectedData").put("Interest", "high");

        CallDetails details = desk.webhooks().read(desk.normalised(call)).details();

        assertThat(details.recording()).isEqualTo("https://example.com/r");
        assertThat(details.collectedData().path("Interest").asText()).isEqualTo("high");
    }

    // --- every order ---

    /** Bodies of three calls as they grow, pushed and read in any order and more than once, end as they would have by reading alone. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyOrderEndsTheSame(long seed) {
        Random random = new Random(seed);
        List<ObjectNode> last = new ArrayList<>();
        List<Consumer<CallDesk>> steps = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int lead = 1 + i % 2;
            ObjectNode started = call("c" + i, lead);
            ObjectNode bare = ended(call("c" + i, lead));
            bare.remove(List.of("summary", "transcript", "recording", "collectedInfo"));
            ObjectNode whole = ended(call("c" + i, lead));
            ObjectNode named = whole.deepCopy().put("leadId", "lead-crm-" + lead);
            desk.api(whole, lead);
            last.add(whole);
            for (ObjectNode body : List.of(started, bare, whole, named)) {
                for (int n = random.nextInt(3); n >= 0; n--) {
                    steps.add(to -> to.push(body));
                    steps.add(to -> to.poll(body));
                    steps.add(CallDesk::join);
                }
            }
        }
        Collections.shuffle(steps, random);

        steps.forEach(step -> step.accept(desk));
        last.forEach(desk::poll);
        desk.joinToTheEnd();

        assertOneEventARevision();
        for (int i = 0; i < 3; i++) {
            assertThat(column(
                            desk.ledger(),
                            "SELECT (json ->> '$.data.final') || (json ->> '$.data.match') || (json ->> '$.data.summary')"
                                    + " || (json ->> '$.data.externalId') FROM event WHERE json ->> '$.data.callId' = 'c"
                                    + i
                                    + "' ORDER BY seq DESC LIMIT 1"))
                    .containsExactly("1exactWants an offer.crm-" + (1 + i % 2));
        }
    }
}
