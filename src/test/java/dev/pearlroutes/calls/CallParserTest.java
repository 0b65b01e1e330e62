package dev.pearlroutes.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.model.FinalStatuses;
import dev.pearlroutes.model.SeenCall;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallParserTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final CallParser parser = new CallParser(
            new FinalStatuses(Set.of(4, 5, 6, 7), Set.of(10, 30, 70, 100, 110, 130, 150, 220), Set.of()),
            Clock.fixed(NOW, ZoneOffset.UTC));

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

        assertThat(parser.parse(row).startedAt()).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-11-20", "10:00:00Z", "2026-02-30T10:00:00Z", "20.11.2026 10:00"})
    void whatIsNoTimeIsUnknown(String given) {
        JsonNode row = row("startTime", given);

        assertThat(parser.parse(row).startedAt()).isNull();
    }

    @Test
    void aTimeOfNoPossibleMomentIsUnknown() {
        assertThat(parser.parse(row("startTime", "+999999999-12-31T23:59:59Z")).startedAt())
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

        assertThat(parser.parse(row).isFinal()).isEqualTo(isFinal);
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

        assertThat(parser.parse(row).isFinal()).isEqualTo(isFinal);
    }

    @Test
    void theNumberIsReadAsTheLedgerKnowsIt() {
        assertThat(parser.parse(row("to", "+12025550100")).to()).isEqualTo("+12025550100");
        assertThat(parser.parse(row("to", "1 (202) 555-0100")).to()).isEqualTo("+12025550100");
        assertThat(parser.parse(row("to", "unknown")).to()).isNull();
    }

    @Test
    void aCallIsTheSameFromWhereverItIsRead() throws Exception {
        byte[] ofGetCalls = fingerprint("""
                {"id":"c-1","startTime":"2026-11-20T10:00:00Z","status":4,"duration":null,"tags":["a","b"]}""");

        assertThat(fingerprint("""
                {"tags":["b","a"],"status":4,"summary":"longer","startTime":"2026-11-20T10:00:00Z","id":"c-1"}""")).isEqualTo(ofGetCalls);
        assertThat(fingerprint("""
                {"id":"c-1","startTime":"2026-11-20T10:00:00Z","status":4,"tags":["a","b","c"]}""")).isNotEqualTo(ofGetCalls);
        assertThat(fingerprint("""
                {"id":"c-1","startTime":"2026-11-20T10:00:00Z","status":5,"tags":["a","b"]}""")).isNotEqualTo(ofGetCalls);
    }

    private byte[] fingerprint(String row) throws Exception {
        return parser.parse(new ObjectMapper().readTree(row)).fingerprint();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\":null,\"status\":4}", "{\"id\":\"\"}", "{\"id\":7}"})
    void withoutAnIdItIsNoCall(String row) throws Exception {
        assertThat(parser.parse(new ObjectMapper().readTree(row))).isNull();
    }

    @Test
    void nullAndAbsentAreAlike() throws Exception {
        JsonNode row = new ObjectMapper().readTree("""
                {"id":"c-1","startTime":null,"conversationStatus":null,"status":null,"from":null,"to":null,
                 "duration":null,"tags":null}""");

        SeenCall seen = parser.parse(row);
        assertThat(seen.to()).isNull();
        assertThat(seen.startedAt()).isNull();
        assertThat(seen.isFinal()).isFalse();
        assertThat(seen.json()).isEqualTo("{\"id\":\"c-1\"}");
    }

    private static ObjectNode row(String name, String value) {
        return new ObjectMapper().createObjectNode().put("id", "c-1").put(name, value);
    }
}
