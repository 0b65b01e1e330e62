package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is packaged in a checkout whose configuration was edited: the shipped configuration, and pages whose links work. */
class PackagingIT {
    private static final Path SHIPPED = Path.of("src/deploy/config");
    private static final String SECRET = "account-of-the-operator:key-of-the-operator";
    private static final String NAME = "pearl-routes-" + System.getProperty("pearl.routes.version");
    private static final int MINUTES_TO_PACKAGE = 5;
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

    @TempDir
    static Path temp;

    private static Path checkout;
    private static Path unpacked;

    @BeforeAll
    static void packageAnEditedCheckout() throws Exception {
        checkout = Files.createDirectory(temp.resolve("checkout"));
        for (String part : List.of(
                "pom.xml",
                "README.md",
                "LICENSE",
                "config",
                "routes",
                "src/deploy",
                "src/docs",
                "src/main/resources",
                "target/classes")) {
            copy(Path.of(part));
        }
        Path config = checkout.resolve("config");
        Files.writeString(
                config.resolve("application.properties"),
                "nlpearl.token=" + SECRET + "\noutbound.demo.mapping=mappings/crm.properties\n",
                StandardOpenOption.APPEND);
        Files.writeString(config.resolve("log4j2.properties"), "# " + SECRET + "\n", StandardOpenOption.APPEND);
        Files.createDirectories(config.resolve("mappings"));
        Files.writeString(config.resolve("mappings/crm.properties"), SECRET + " = phoneNumber\n");

        run(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-q",
                "-o",
                "jar:jar",
                "assembly:single@archive",
                "bundle:bundle@karaf");
        unpacked = Files.createDirectory(temp.resolve("unpacked"));
        run("tar", "-xzf", target(".tar.gz").toString(), "-C", unpacked.toString(), "--strip-components=1");
    }

    @Test
    void theArchiveHasTheShippedConfigurationAlone() throws IOException {
        assertThat(unpacked.resolve("config"))
                .isDirectoryContaining("glob:**/application.properties")
                .isDirectoryContaining("glob:**/log4j2.properties");
        for (Path file : files(unpacked.resolve("config"))) {
            assertThat(file).hasSameTextualContentAs(SHIPPED.resolve(file.getFileName()));
        }
        assertThat(files(unpacked)).noneMatch(PackagingIT::holdsTheSecret);
    }

    @Test
    void theBundleForKarafHasTheShippedConfigurationAlone() throws IOException {
        List<String> configuration = new ArrayList<>();
        try (JarFile bundle = new JarFile(target("-karaf.jar").toFile())) {
            for (JarEntry entry : bundle.stream().toList()) {
                try (InputStream in = bundle.getInputStream(entry)) {
                    String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                    assertThat(text).as(entry.getName()).doesNotContain(SECRET);
                    if (entry.getName().startsWith("config/") && !entry.isDirectory()) {
                        configuration.add(entry.getName());
                        assertThat(text)
                                .isEqualTo(Files.readString(
                                        SHIPPED.resolve("application.properties"), StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        assertThat(configuration).containsExactly("config/application.properties");
    }

    @Test
    void linksOfTheUnpackedPagesLeadToFiles() throws IOException {
        List<Path> pages = files(unpacked).stream()
                .filter(file -> file.toString().endsWith(".md"))
                .toList();
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!link.group(1).contains("://") && !link.group(1).startsWith("mailto:")) {
                    links++;
                    if (Files.notExists(page.resolveSibling(link.group(1)).normalize())) {
                        broken.add(unpacked.relativize(page) + ": " + link.group(1));
                    }
                }
            }
        }
        assertThat(pages).contains(unpacked.resolve("README.md"), unpacked.resolve("src/docs/events.md"));
        assertThat(links).isGreaterThan(5);
        assertThat(broken).isEmpty();
    }

    private static boolean holdsTheSecret(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(SECRET);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path target(String ending) {
        return checkout.resolve("target").resolve(NAME + ending);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void copy(Path part) throws IOException {
        for (Path file : files(part)) {
            Path copy = checkout.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Path output = temp.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        boolean ended = process.waitFor(MINUTES_TO_PACKAGE, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended && process.exitValue() == 0)
                .as(() -> String.join(" ", command) + "\n" + text(output))
                .isTrue();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
