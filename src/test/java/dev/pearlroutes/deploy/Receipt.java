package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;

/** What a receipt promises. */
final class Receipt {
    private Receipt() {}

    /** Every row read has exactly one outcome. */
    static void assertAddsUp(JsonNode receipt) {
        long outcomes = Stream.of("accepted", "duplicate", "rejected", "suppressed", "cancelled", "unknown")
                .mapToLong(outcome -> receipt.get(outcome).asLong())
                .sum();
        assertThat(outcomes)
                .as(receipt.toString())
                .isEqualTo(receipt.get("read").asLong());
    }
}
