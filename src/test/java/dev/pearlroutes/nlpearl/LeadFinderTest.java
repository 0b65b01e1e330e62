package dev.pearlroutes.nlpearl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class LeadFinderTest {
    private static final ReadFailedException NOT_FOUND =
            new ReadFailedException("404", Answer.of(Answer.Kind.AMBIGUOUS_REFUSAL, "404"));
    private static final ReadFailedException DOWN =
            new ReadFailedException("503", Answer.of(Answer.Kind.UNKNOWN, "503"));

    private final ApiPaths paths = new ApiPaths(Map.of("acme", "ob-1"));

    private LeadFinder finder(Predicate<ReadFailedException> showsNoLead) {
        LeadFinder finder = new LeadFinder(paths, "acme", "crm-1", any -> true, showsNoLead);
        finder.begin();
        return finder;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode lead(String id, String externalId) {
        return json("{\"id\":\"%s\",\"externalId\":\"%s\"}".formatted(id, externalId));
    }

    private static JsonNode page(JsonNode... leads) {
        return json("{\"count\":%d,\"results\":%s}".formatted(leads.length, List.of(leads)));
    }

    @Test
    void asksNoPathForALeadThatTheSearchShows() {
        LeadFinder finder = finder(any -> true);
        assertThat(finder.searches()).isTrue();
        assertThat(finder.searchPath()).isEqualTo("/v1/Outbound/ob-1/Leads");
        assertThat(finder.searchRequest()).containsEntry("searchInput", "crm-1");
        finder.onPage(page(lead("lead-12", "crm-12"), lead("lead-1", "crm-1")));

        assertThat(finder.leadId()).isEqualTo("lead-1");
        assertThat(finder.searches()).isFalse();
        assertThat(finder.asksPath()).isFalse();
    }

    @Test
    void asksBothSpellingsOfThePathUntilOneShowsTheLead() {
        LeadFinder finder = finder(any -> true);
        finder.onPage(page());
        assertThat(finder.asksPath()).isTrue();
        assertThat(finder.nextPath()).isEqualTo("/v1/Outbound/ob-1/Lead/Extrenal/crm-1");
        finder.onPath(lead("lead-2", "crm-2"));
        assertThat(finder.asksPath()).as("another lead").isTrue();
        assertThat(finder.nextPath()).isEqualTo("/v1/Outbound/ob-1/Lead/External/crm-1");
        finder.onPath(lead("lead-1", "crm-1"));

        assertThat(finder.leadId()).isEqualTo("lead-1");
        assertThat(finder.asksPath()).isFalse();
    }

    @Test
    void failsWhenAPathThatMightHaveShownTheLeadGaveNoAnswer() {
        LeadFinder finder = finder(ReadFailedException::refused);
        finder.onPage(page());
        finder.nextPath();
        finder.onPathFailure(DOWN);
        assertThat(finder.asksPath()).as("the other spelling").isTrue();
        finder.nextPath();
        finder.onPathFailure(NOT_FOUND);
        assertThatThrownBy(finder::end).isSameAs(DOWN);

        finder.begin();
        assertThat(finder.searches()).as("the search is done").isFalse();
        finder.nextPath();
        finder.onPathFailure(NOT_FOUND);
        finder.nextPath();
        finder.onPathFailure(NOT_FOUND);
        assertThatCode(finder::end).doesNotThrowAnyException();
        assertThat(finder.leadId()).isNull();
    }

    @Test
    void aLeadThatOnePathShowsIsFoundWhateverTheOtherAnswers() {
        LeadFinder finder = finder(ReadFailedException::refused);
        finder.onPage(page());
        finder.nextPath();
        finder.onPathFailure(new IOException("reset"));
        finder.nextPath();
        finder.onPath(lead("lead-1", "crm-1"));
        assertThatCode(finder::end).doesNotThrowAnyException();
        assertThat(finder.leadId()).isEqualTo("lead-1");
    }

    @Test
    void ignoresAFailureOfAPathThatProvesNothingButNotThatItWasNotAsked() {
        LeadFinder finder = finder(any -> true);
        finder.onPage(page());
        finder.nextPath();
        finder.onPathFailure(DOWN);
        assertThatCode(finder::end).doesNotThrowAnyException();
        finder.nextPath();
        NotSentException stopping = new NotSentException("the process is stopping");
        finder.onPathFailure(stopping);
        assertThatThrownBy(finder::end).isSameAs(stopping);
    }

    @Test
    void asksNoPathForALeadThatIsProvenAbsent() {
        LeadFinder absent = finder(any -> true);
        absent.onPage(page());
        assertThat(absent.searches()).isFalse();
        assertThat(absent.provesAbsence()).as("to find nothing proves nothing").isFalse();
        assertThat(absent.asksPath()).isTrue();

        absent.proveAbsence();
        assertThat(absent.provesAbsence()).isTrue();
        assertThat(absent.asksPath()).isFalse();
        assertThat(absent.leadId()).isNull();
    }

    @Test
    void aPathThatIsSaidToShowTheLeadIsAskedEvenWhenItSeemsToBeAbsent() {
        LeadFinder finder = finder(any -> true);
        finder.askToo(paths.lead("acme", "lead-9"));
        finder.onPage(page());
        finder.proveAbsence();

        assertThat(finder.asksPath()).isTrue();
        assertThat(finder.nextPath()).isEqualTo("/v1/Outbound/ob-1/Lead/lead-9");
        finder.onPath(lead("lead-9", "crm-1"));

        assertThat(finder.leadId()).isEqualTo("lead-9");
        assertThat(finder.asksPath()).isFalse();
    }

    @Test
    void aLeadThatIsAnotherOnesChangesNothing() {
        LeadFinder finder = finder(any -> true);
        finder.askToo(paths.lead("acme", "lead-9"));
        finder.onPage(page());
        finder.proveAbsence();
        finder.nextPath();
        finder.onPath(lead("lead-9", "crm-10"));

        assertThat(finder.leadId()).isNull();
        assertThat(finder.provesAbsence()).isTrue();
        assertThat(finder.asksPath()).isFalse();
    }

    @Test
    void anAbsenceIsNotProvenWhileTheLeadThatIsSaidToExistCannotBeRead() {
        LeadFinder finder = finder(any -> true);
        finder.askToo(paths.lead("acme", "lead-9"));
        finder.onPage(page());
        finder.proveAbsence();
        finder.nextPath();
        finder.onPathFailure(DOWN);

        assertThat(finder.provesAbsence()).isFalse();
    }
}
