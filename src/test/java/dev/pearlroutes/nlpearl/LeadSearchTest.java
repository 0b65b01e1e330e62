package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class LeadSearchTest {
    private final ObjectMapper json = new ObjectMapper();
    private final LeadSearch search = new LeadSearch("/v1/Outbound/ob-1/Leads", "crm-1", any -> true);

    /** A page with the leads of these numbers, both included. */
    private JsonNode page(long count, int from, int to) {
        ObjectNode page = json.createObjectNode().put("count", count);
        var results = page.putArray("results");
        for (int i = from; i <= to; i++) {
            results.addObject().put("id", "lead-" + i).put("externalId", "crm-" + i);
        }
        return page;
    }

    @Test
    void anAbsenceCountsWhenEveryLeadWasListed() {
        search.page(page(150, 1001, 1100));
        assertThat(search.more()).isTrue();
        assertThat(search.request()).containsEntry("skip", 100);
        search.page(page(150, 1101, 1150));
        assertThat(search.more()).isFalse();
        assertThat(search.leadId()).isNull();
    }

    @Test
    void aLeadListedTwiceMeansThatAnotherWasNotListed() {
        search.page(page(150, 1001, 1100));
        assertThatThrownBy(() -> search.page(page(150, 1100, 1149))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatProvesNothingIsReadFromTheBeginning() {
        search.page(page(150, 1001, 1100));
        assertThatThrownBy(() -> search.page(page(150, 1100, 1149))).isInstanceOf(IllegalStateException.class);

        assertThat(search.more()).as("no absence").isTrue();
        assertThat(search.request()).containsEntry("skip", 0);
        search.page(page(149, 1001, 1100));
        search.page(page(149, 1101, 1149));
        assertThat(search.more()).isFalse();
    }

    @Test
    void aCountThatChangesBetweenThePagesProvesNoAbsence() {
        search.page(page(150, 1001, 1100));
        assertThatThrownBy(() -> search.page(page(149, 1101, 1149))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsFoundIsFoundWhateverShifts() {
        search.page(page(150, 1001, 1100));
        search.page(page(151, 1, 51));
        assertThat(search.leadId()).isEqualTo("lead-1");
        assertThat(search.more()).isFalse();
    }

    @Test
    void fewerLeadsThanCountedProveNoAbsence() {
        assertThatThrownBy(() -> search.page(page(2, 3, 2))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> search.page(json.createObjectNode())).isInstanceOf(IllegalStateException.class);
    }
}
