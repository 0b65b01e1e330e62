package dev.pearlroutes.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Finds another Java on this machine, without knowing where this machine keeps them. */
final class Javas {
    private Javas() {}

    /** The newest of at least this feature version: that of NEWER_JAVA_HOME, or one beside the Java of this test. */
    static Optional<Path> atLeast(int feature) throws IOException {
        String named = System.getenv("NEWER_JAVA_HOME");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        Path own = Path.of(System.getProperty("java.home"));
        try (Stream<Path> beside = Files.list(own.getParent())) {
            return beside.filter(home -> featureOf(home) >= feature).max(Comparator.comparingInt(Javas::featureOf));
        }
    }

    private static int featureOf(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isReadable(release)) {
            return 0;
        }
        try (var in = Files.newInputStream(release)) {
            Properties properties = new Properties();
            properties.load(in);
            return Runtime.Version.parse(
                            properties.getProperty("JAVA_VERSION", "1").replace("\"", ""))
                    .feature();
        } catch (IOException | IllegalArgumentException e) {
            return 0;
        }
    }
}
