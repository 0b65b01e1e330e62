package dev.pearlroutes.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeadStatusTest {

    @Test
    void codesAndNamesAreFound() {
        assertThat(LeadStatus.ofCode(110)).contains(LeadStatus.NOT_SUCCESSFULL);
        assertThat(LeadStatus.ofName("wrongcountrycode")).contains(LeadStatus.WRONG_COUNTRY_CODE);
        assertThat(Stream.of(LeadStatus.values()).map(LeadStatus::code))
                .containsExactly(1, 10, 20, 30, 40, 70, 100, 110, 130, 150, 220, 300, 500);
    }

    @Test
    void theUnknownIsEmptyAndNotAnError() {
        assertThat(LeadStatus.ofCode(999)).isEmpty();
        assertThat(LeadStatus.ofName("Answered")).isEmpty();
    }
}
