package dev.pearlroutes.app;

import dev.pearlroutes.config.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/** The route files of a folder, named one by one: Camel's own pattern takes some characters of a folder's name for wildcards. */
public final class RouteFiles {
    /** Camel's name of the kind of file. */
    static final String KIND = "camel.yaml";

    static final String ENDING = "." + KIND;

    private RouteFiles() {}

    /**
     * Reads the bundle's own routes, which must be there.
     *
     * @throws ConfigurationException when there is no such folder
     */
    public static List<Resource> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ConfigurationException("there is no folder " + folder.toAbsolutePath()
                    + " with routes: start in the project's folder or by bin/pearl-routes");
        }
        return list(folder).stream()
                .filter(file -> file.toString().endsWith(ENDING))
                .map(RouteFiles::resource)
                .toList();
    }

    /** Tells whether routes are those that tell people of troubles. */
    static boolean areOfOps(RoutesBuilder routes) {
        return routes instanceof RouteBuilder own
                && own.getResource() != null
                && own.getResource().getLocation().contains("/ops/");
    }

    /** Lists the files of all depths, in a fixed order. */
    static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.walk(folder.toAbsolutePath().normalize())) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be read", e);
        }
    }

    static Resource resource(Path file) {
        try {
            return ResourceHelper.fromBytes("file:" + file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the route file " + file + " cannot be read", e);
        }
    }
}
