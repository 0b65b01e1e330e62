package dev.pearlroutes.sending;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.model.UnknownLead;
import dev.pearlroutes.nlpearl.LeadSearch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookUpTest {
    private static final Instant LOST = Instant.parse("2026-11-21T10:00:30Z");
    private static final Duration AGE = Duration.ofMinutes(10);

    private static boolean provesAbsence(Instant controlAcceptedAt, Instant now) throws Exception {
        LeadSearch control = new LeadSearch("/", "crm-2");
        control.page(new ObjectMapper()
                .readTree("{\"count\":1,\"results\":[{\"id\":\"lead-2\",\"externalId\":\"crm-2\"}]}"));
        UnknownLead lead = new UnknownLead(null, 1, 2, "crm-1", "{}", LOST, false, "lost");
        return new LookUp(lead, new LeadSearch("/", "crm-1"), control, controlAcceptedAt, List.of())
                .provesAbsence(now, AGE);
    }

    /** Neighbours of a lead that hung are accepted long before it is given up: a search that lags finds them and not it. */
    @Test
    void onlyAControlAcceptedAfterTheLeadWasLostProvesItsAbsence() throws Exception {
        Instant soon = LOST.plusSeconds(60);
        assertThat(provesAbsence(LOST.minusSeconds(28), soon)).isFalse();
        assertThat(provesAbsence(LOST, soon)).isFalse();
        assertThat(provesAbsence(LOST.plusMillis(1), soon)).isTrue();
        assertThat(provesAbsence(LOST.minusSeconds(28), LOST.plus(AGE).plusSeconds(1)))
                .isTrue();
    }
}
