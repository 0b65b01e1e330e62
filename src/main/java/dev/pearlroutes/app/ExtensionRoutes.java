package dev.pearlroutes.app;

import dev.pearlroutes.files.LogText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.model.Model;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's own routes, added file by file once the bundle's own run, so that none of them can keep those from
 * running. A file that cannot be used adds nothing; it is named in the log, and health is DOWN with the reason.
 */
final class ExtensionRoutes extends AbstractHealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ExtensionRoutes.class);

    private final Path folder;
    private final List<String> refusals = new CopyOnWriteArrayList<>();

    /** @param folder need not exist */
    ExtensionRoutes(Path folder) {
        super("pearl-routes", "extension-routes");
        this.folder = folder;
    }

    /** @param context started, with the bundle's own routes */
    void load(CamelContext context) {
        if (Files.isDirectory(folder)) {
            RouteFiles.list(folder).forEach(file -> load(context, file));
        }
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, java.util.Map<String, Object> options) {
        if (refusals.isEmpty()) {
            builder.up();
        } else {
            builder.message(String.join(" ", refusals)).down();
        }
    }

    private void load(CamelContext context, Path file) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        Set<String> before = ids(model);
        try {
            if (!file.toString().endsWith(RouteFiles.ENDING)) {
                throw new IllegalArgumentException("its name must end in " + RouteFiles.ENDING);
            }
            for (RoutesBuilder builder :
                    PluginHelper.getRoutesLoader(context).findRoutesBuilders(RouteFiles.resource(file))) {
                requireOwnIds(context, (RouteBuilder) builder, before);
                context.addRoutes(builder);
            }
            Set<String> added = ids(model);
            added.removeAll(before);
            LOG.info("{} added {}", file, added);
        } catch (Exception e) {
            withdraw(model, before);
            String refusal = file + " is left out: " + reason(e);
            refusals.add(refusal + ".");
            LOG.error("{}. Correct it and start again", refusal);
        }
    }

    /** Camel would replace a route by another one with its id. */
    private static void requireOwnIds(CamelContext context, RouteBuilder builder, Set<String> taken) throws Exception {
        for (RouteDefinition route : builder.configureRoutes(context).getRoutes()) {
            if (taken.contains(route.getId())) {
                throw new IllegalArgumentException(
                        "there is a route " + route.getId() + " already: give this one another id");
            }
        }
    }

    private static void withdraw(Model model, Set<String> before) {
        List<RouteDefinition> added = model.getRouteDefinitions().stream()
                .filter(route -> !before.contains(route.getId()))
                .collect(Collectors.toCollection(ArrayList::new));
        try {
            model.removeRouteDefinitions(added);
        } catch (Exception e) {
            LOG.debug("What a refused file had added cannot be taken back", e);
        }
    }

    private static Set<String> ids(Model model) {
        return model.getRouteDefinitions().stream()
                .map(OptionalIdentifiedDefinition::getId)
                .collect(Collectors.toSet());
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String line = LogText.firstLine(root);
        return root.getClass().getSimpleName() + ": " + URISupport.sanitizeUri(line);
    }
}
