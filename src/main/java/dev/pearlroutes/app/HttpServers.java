package dev.pearlroutes.app;

import dev.pearlroutes.http.DoorServer;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.main.MainHttpServerFactory;

/** The factory by which Camel makes the HTTP server, so that nothing listens before its door is locked. */
final class HttpServers implements MainHttpServerFactory {
    private final DoorServer server;

    HttpServers(DoorServer server) {
        this.server = server;
    }

    @Override
    public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties ignored) {
        server.setCamelContext(context);
        return server;
    }

    /** Makes what answers for health and metrics; it finds the server by its port. */
    @Override
    public Service newHttpManagementServer(
            CamelContext context, HttpManagementServerConfigurationProperties configuration) {
        return new DefaultMainHttpServerFactory().newHttpManagementServer(context, configuration);
    }
}
