package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** Lead files that the tests of the routes drop, and the check that every receipt has to pass. */
final class Given {
    private static final List<String> OUTCOMES =
            List.of("accepted", "duplicate", "rejected", "suppressed", "cancelled", "unknown");

    private Given() {}

    /** A CSV file of n leads with the ids {@code prefix-1} to {@code prefix-n}, each with a number of its own. */
    static String csv(String prefix, int n) {
        return "externalId,phoneNumber\n"
                + IntStream.rangeClosed(1, n)
                        .mapToObj(i -> prefix + "-" + i + "," + number(i))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    static String number(int i) {
        return "+1212555%04d".formatted(100 + i);
    }

    /** Each of the leads of {@link #csv} rung this many times. */
    static Map<String, Integer> rings(String prefix, int n) {
        return IntStream.rangeClosed(1, n).boxed().collect(Collectors.toMap(i -> prefix + "-" + i, i -> 1));
    }

    /** @param counts as in {@code read=3 accepted=2 unknown=1}; what is not named must be 0 */
    static void assertReceipt(JsonNode receipt, String counts) {
        Map<String, Long> expected = new LinkedHashMap<>();
        expected.put("read", 0L);
        OUTCOMES.forEach(outcome -> expected.put(outcome, 0L));
        for (String count : counts.split(" ")) {
            String[] parts = count.split("=");
            assertThat(expected).containsKey(parts[0]);
            expected.put(parts[0], Long.valueOf(parts[1]));
        }
        Map<String, Long> actual = new LinkedHashMap<>();
        expected.keySet().forEach(name -> actual.put(name, receipt.path(name).asLong(-1)));
        assertThat(actual).as("receipt").isEqualTo(expected);
        assertThat(OUTCOMES.stream().mapToLong(actual::get).sum())
                .as("outcomes add up to the rows read")
                .isEqualTo(actual.get("read"));
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
