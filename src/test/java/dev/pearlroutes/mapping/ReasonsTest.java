package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** All that is wrong with a row, at a length that can be read. */
class ReasonsTest {
    private final Reasons reasons = new Reasons();

    @Test
    void eachReasonStandsOnceInTheOrderOfItsFinding() {
        assertThat(reasons.isEmpty()).isTrue();
        assertThat(reasons.text()).isNull();

        for (String reason : new String[] {"b is odd", "a is odd", "b is odd"}) {
            reasons.add(reason);
        }

        assertThat(reasons.isEmpty()).isFalse();
        assertThat(reasons.text()).isEqualTo("b is odd; a is odd");
    }

    @Test
    void tenAreListedAndTheOthersCounted() {
        for (int i = 1; i <= 13; i++) {
            reasons.add("reason " + i);
        }

        assertThat(reasons.text()).startsWith("reason 1; reason 2;").endsWith("; reason 10; and 3 more");
    }

    @Test
    void afterALongOneTheOthersAreCounted() {
        reasons.add("x".repeat(Reasons.LONG + 1));
        reasons.add("a");
        reasons.add("b");

        assertThat(reasons.text()).hasSizeLessThan(Reasons.LONG + 20).endsWith("x; and 2 more");
    }
}
