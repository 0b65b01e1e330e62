package dev.pearlroutes.sending;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.model.UnknownLead;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LookUpTest {
    private static final Instant LOST = Instant.parse("2026-11-21T10:00:30Z");
    private static final Duration AGE = Duration.ofMinutes(10);

    private static boolean controlCounts(Instant controlAcceptedAt, Instant now) {
        UnknownLead lead = new UnknownLead(null, 1, 2, "crm-1", "{}", LOST, false, "lost");
        return LookUp.controlCounts(lead, controlAcceptedAt, now, AGE);
    }

    /** Neighbours of a lead that hung are accepted long before it is given up: a search that lags finds them and not it. */
    @Test
    void onlyAControlAcceptedAfterTheLeadWasLostProvesItsAbsence() {
        Instant soon = LOST.plusSeconds(60);
        assertThat(controlCounts(LOST.minusSeconds(28), soon)).isFalse();
        assertThat(controlCounts(LOST, soon)).isFalse();
        assertThat(controlCounts(LOST.plusMillis(1), soon)).isTrue();
        assertThat(controlCounts(LOST.minusSeconds(28), LOST.plus(AGE).plusSeconds(1)))
                .isTrue();
    }
}
