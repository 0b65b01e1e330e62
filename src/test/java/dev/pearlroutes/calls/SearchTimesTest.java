package dev.pearlroutes.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.config.Outbound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.CronExpression;

class SearchTimesTest {
    private static final String DEFAULT = "0 0/5 * * * ?";

    @TempDir
    private Path folder;

    private List<Outbound> outbounds(String... crons) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < crons.length; i++) {
            lines.add("outbound.o" + i + ".id=ob-" + i);
            lines.add("outbound.o" + i + ".search-calls.cron=" + crons[i]);
        }
        return Configuration.load(Files.write(folder.resolve("application.properties"), lines), Map.of())
                .outbounds();
    }

    @Test
    void manyOutboundsAreSpreadOverTheirPeriod() throws Exception {
        Map<String, String> crons = SearchTimes.of(
                outbounds(IntStream.range(0, 100).mapToObj(i -> DEFAULT).toArray(String[]::new)));

        assertThat(crons).hasSize(100);
        assertThat(crons.values()).allMatch(CronExpression::isValidExpression);
        assertThat(crons.values()).allMatch(cron -> cron.matches("\\d+ [0-4]/5 \\* \\* \\* \\?"));
        assertThat(crons.values().stream().distinct().count())
                .as("of 300 seconds")
                .isGreaterThan(70);
        assertThat(SearchTimes.of(outbounds(DEFAULT, DEFAULT)))
                .as("the same after each start, and with others beside it")
                .allSatisfy((name, cron) -> assertThat(cron).isEqualTo(crons.get(name)));
    }

    @Test
    void oneOutboundAloneIsReadWhenItsCronSays() throws Exception {
        assertThat(SearchTimes.of(outbounds(DEFAULT, "0 0/10 * * * ?")))
                .isEqualTo(Map.of("o0", DEFAULT, "o1", "0 0/10 * * * ?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0/7 * * * ?", "0 0 3 * * ?", "0/10 * * * * ?", "0 0/5 8-18 * * ?", "0 2/5 * * * ?"})
    void aCronOfAnotherKindIsKept(String cron) throws Exception {
        assertThat(SearchTimes.of(outbounds(cron, cron))).isEqualTo(Map.of("o0", cron, "o1", cron));
    }
}
