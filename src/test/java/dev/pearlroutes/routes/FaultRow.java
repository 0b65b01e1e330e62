package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.sandbox.Sandbox;
import java.time.Duration;
import java.util.Map;

/**
 * What one fault did to the leads of one file, counted at the API: a line of the table that the tests of faults print.
 *
 * @param unknown leads that were so at the end
 * @param time from the dropping of the file until none was unknown
 */
public record FaultRow(String fault, int leads, long lost, long doubled, long unknown, Duration time) {
    private static final String LINE = "| %-50s | %5s | %4s | %7s | %7s | %6s |%n";

    /** @param prefix of the externalIds of the file's leads, which are {@code prefix-1} to {@code prefix-leads} */
    public static FaultRow of(String fault, Sandbox api, String prefix, int leads, long unknown, Duration time) {
        Map<String, Integer> rings = api.ringsByExternalId();
        long lost = 0;
        long doubled = 0;
        for (int i = 1; i <= leads; i++) {
            int rung = rings.getOrDefault(prefix + "-" + i, 0);
            lost += rung == 0 ? 1 : 0;
            doubled += rung > 1 ? 1 : 0;
        }
        return new FaultRow(fault, leads, lost, doubled, unknown, time);
    }

    /** Prints the line and fails unless every lead was rung once and none is unknown. */
    public void printAndCheck() {
        System.out.printf(LINE, fault, leads, lost, doubled, unknown, "%.1f s".formatted(time.toMillis() / 1000.0));
        assertThat(this).isEqualTo(new FaultRow(fault, leads, 0, 0, 0, time));
    }

    static void printHeader() {
        System.out.printf("%n" + LINE, "fault", "leads", "lost", "doubled", "unknown", "time");
    }
}
