package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The folder {@code config} of the checkout, which is there to be edited, against {@code src/deploy/config}, which is packaged. As
 * committed the two are equal; an edited file is left alone.
 */
class CheckoutConfigurationTest {
    private static final int CHANGED = 1;

    @ParameterizedTest
    @ValueSource(strings = {"application.properties", "log4j2.properties"})
    void isTheShippedOneUnlessItWasEdited(String name) throws Exception {
        Path edited = Path.of("config", name);
        Path shipped = Path.of("src/deploy/config", name);
        if (Files.notExists(edited) || Files.mismatch(edited, shipped) >= 0) {
            assumeThat(isEdited(edited))
                    .as(edited + " was edited, so nothing was compared: copy what is for everybody to " + shipped)
                    .isFalse();
            assertThat(edited).hasSameTextualContentAs(shipped);
        }
    }

    /** By git. Without it nobody knows, and only a build server takes the file for the committed one. */
    private static boolean isEdited(Path file) throws IOException, InterruptedException {
        try {
            int code = new ProcessBuilder("git", "diff", "--quiet", "HEAD", "--", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            return code == CHANGED || code > CHANGED && System.getenv("CI") == null;
        } catch (IOException e) {
            return System.getenv("CI") == null;
        }
    }
}
