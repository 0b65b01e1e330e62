package dev.pearlroutes.sending;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.sending.FormerLead.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormerLeadTest {
    private static final Instant TAKEN = Instant.parse("2026-11-21T10:00:00Z");
    private static final Instant BEGAN = TAKEN.plusSeconds(30);

    private static FormerLead former() {
        Source source = new Source(
                1,
                "acme",
                Source.Operation.ADD,
                "l.csv",
                "l.csv",
                null,
                Source.State.SENDING,
                "00",
                1L,
                TAKEN,
                null,
                null,
                null,
                null,
                false);
        UnknownLead lead = new UnknownLead(source, 1, 2, "crm-1", "{}", TAKEN.plusSeconds(60), false, "lost");
        return new FormerLead(lead, found -> !found.path("id").textValue().equals("another"));
    }

    private static JsonNode found(String id, String created) {
        ObjectNode lead = JsonNodeFactory.instance.objectNode().put("id", id);
        return created == null ? lead : lead.put("created", created);
    }

    private static JsonNode found(String id, Instant created) {
        return found(id, created.toString());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-11-19T10:00:00",
                "2026-11-21T09:59:00Z",
                "2026-11-21T12:00:00.1234567+02:00"
            })
    void aLeadThatIsNotEarlierOrDoesNotSayIsTheOneThatWasSent(String created) {
        FormerLead former = former();
        assertThat(former.test(found("it", created))).isTrue();
        assertThat(former.verdict()).isEqualTo(Verdict.NONE);
    }

    /** Seconds by which the API's clock is ahead, seconds before the source was taken in at which the lead was created there. */
    @ParameterizedTest
    @CsvSource({
        "0, 61, UNCLEAR",
        "0, 86400, UNCLEAR",
        "0, 86401, EARLIER",
        "-7200, 7260, SENT",
        "-7200, 7261, UNCLEAR",
        "-7200, 86400, UNCLEAR",
        "-7200, 93601, EARLIER",
        "3600, 82801, EARLIER",
        "3600, 82800, UNCLEAR"
    })
    void theControlTellsHowTheClocksDiffer(long ahead, long before, Verdict verdict) {
        FormerLead former = former();
        assertThat(former.test(found("it", TAKEN.minusSeconds(before)))).isFalse();
        assertThat(former.leadId()).isEqualTo("it");

        assertThat(former.verdict()).as("without a control").isEqualTo(Verdict.UNCLEAR);
        former.compareClocks(BEGAN, null);
        assertThat(former.verdict()).as("whose control does not say").isEqualTo(Verdict.UNCLEAR);
        former.compareClocks(BEGAN, BEGAN.plusSeconds(ahead));
        assertThat(former.verdict()).isEqualTo(verdict);
    }

    @Test
    void theNewestOfSeveralDecidesAndOthersDoNot() {
        FormerLead former = former();
        former.test(found("old", TAKEN.minus(Duration.ofDays(9))));
        former.test(found("newest", TAKEN.minus(Duration.ofDays(3))));
        former.test(found("older", TAKEN.minus(Duration.ofDays(5))));
        former.test(found("another", TAKEN.minus(Duration.ofHours(1))));

        former.compareClocks(BEGAN, BEGAN);
        assertThat(former.leadId()).isEqualTo("newest");
        assertThat(former.verdict()).isEqualTo(Verdict.EARLIER);
    }
}
