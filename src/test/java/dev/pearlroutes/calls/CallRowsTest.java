package dev.pearlroutes.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.ledger.Calls;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallRowsTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final CallRows rows = new CallRows(Clock.fixed(NOW, ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T10:00:00Z, 2026-11-20T10:00:00Z",
        "2026-11-20T10:00Z, 2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00.1Z, 2026-11-20T10:00:00.100Z",
        "2026-11-20T10:00:00.12Z, 2026-11-20T10:00:00.120Z",
        "2026-11-20T10:00:00.123Z, 2026-11-20T10:00:00.123Z",
        "2026-11-20T10:00:00.1234Z, 2026-11-20T10:00:00.123400Z",
        "2026-11-20T10:00:00.12345Z, 2026-11-20T10:00:00.123450Z",
        "2026-11-20T10:00:00.123456Z, 2026-11-20T10:00:00.123456Z",
        "2026-11-20T10:00:00.1234567Z, 2026-11-20T10:00:00.123456700Z",
        "2026-11-20T10:00:00.12345678Z, 2026-11-20T10:00:00.123456780Z",
        "2026-11-20T10:00:00.123456789Z, 2026-11-20T10:00:00.123456789Z",
        "2026-11-20T12:00:00.5+02:00, 2026-11-20T10:00:00.500Z",
        "2026-11-20T04:30:00-05:30, 2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00+00:00, 2026-11-20T10:00:00Z",
        // Without an offset it is UTC.
        "2026-11-20T10:00:00.123, 2026-11-20T10:00:00.123Z",
    })
    void timesOfAnyPrecisionAndOffset(String given, Instant time) {
        JsonNode row = row("startTime", given);

        assertThat(rows.seen(row, new byte[0]).startedAt()).isEqualTo(time);
        assertThat(rows.data("acme", row).path("startTime").asText()).isEqualTo(time.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-11-20", "10:00:00Z", "2026-02-30T10:00:00Z", "20.11.2026 10:00"})
    void whatIsNoTimeIsUnknown(String given) {
        JsonNode row = row("startTime", given);

        assertThat(rows.seen(row, new byte[0]).startedAt()).isNull();
        assertThat(rows.data("acme", row).has("startTime")).isFalse();
    }

    @Test
    void aTimeOfNoPossibleMomentIsUnknown() {
        assertThat(rows.seen(row("startTime", "+999999999-12-31T23:59:59Z"), new byte[0])
                        .startedAt())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "4, 100, true",
                "5, 10, true",
                "6, 30, true",
                "7, 70, true",
                "4, 220, true",
                "4, -, true",
                "3, 100, false",
                "4, 40, false",
                "4, 300, false",
                "4, 500, false",
                "4, 999, false",
                "2, 100, false",
                "999, 100, false",
                "-1, 100, false",
                "-, 100, false",
                "-, -, false",
            })
    void aCallIsFinalWhenBothItsStatusesAreKnownToBe(Integer status, Integer conversation, boolean isFinal) {
        ObjectNode row = row("startTime", "2026-11-20T11:59:00Z");
        row.put("status", status).put("conversationStatus", conversation);

        assertThat(rows.seen(row, new byte[0]).isFinal()).isEqualTo(isFinal);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "2026-11-20T10:59:59Z, true",
                "2026-11-20T11:00:00Z, false",
                "2026-11-20T11:59:00Z, false",
                "-, false"
            })
    void aCanceledCallMayGoOnForAWhile(String start, boolean isFinal) {
        ObjectNode row = row("startTime", start);
        row.put("status", 8).put("conversationStatus", 10);

        assertThat(rows.seen(row, new byte[0]).isFinal()).isEqualTo(isFinal);
    }

    @Test
    void codesAreToldAsGivenWithTheirNamesWhenTheseAreKnown() {
        ObjectNode row = row("to", "+12025550100");
        row.put("status", 7).put("conversationStatus", 110);

        assertThat(rows.data("acme", row).toString())
                .isEqualTo("{\"outbound\":\"acme\",\"callId\":\"c-1\",\"to\":\"+12025550100\","
                        + "\"status\":{\"code\":7,\"name\":\"NoAnswer\"},"
                        + "\"conversationStatus\":{\"code\":110,\"name\":\"NotSuccessfull\"}}");
        row.put("status", 42);
        assertThat(rows.data("acme", row).path("status").toString()).isEqualTo("{\"code\":42}");
    }

    @Test
    void nullAndAbsentAreAlike() throws Exception {
        JsonNode row = new ObjectMapper().readTree("""
                {"id":"c-1","startTime":null,"conversationStatus":null,"status":null,"from":null,"to":null,
                 "duration":null,"tags":null}""");

        Calls.Seen seen = rows.seen(row, new byte[0]);
        assertThat(seen.to()).isNull();
        assertThat(seen.startedAt()).isNull();
        assertThat(seen.isFinal()).isFalse();
        assertThat(rows.data("acme", row).toString()).isEqualTo("{\"outbound\":\"acme\",\"callId\":\"c-1\"}");
    }

    private static ObjectNode row(String name, String value) {
        return new ObjectMapper().createObjectNode().put("id", "c-1").put(name, value);
    }
}
