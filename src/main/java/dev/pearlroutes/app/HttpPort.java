package dev.pearlroutes.app;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** The port of health and metrics, found out before anything starts: Camel's server would tell of a taken one too late. */
final class HttpPort {
    private HttpPort() {}

    /**
     * In the sandbox a port that is taken must not spoil the first run, unless the operator chose it.
     *
     * @throws ConfigurationException when the port is in use
     */
    static int of(Settings settings) {
        try {
            return free(settings.httpPort());
        } catch (IOException taken) {
            if (settings.sandbox() && !settings.httpPortChosen()) {
                return any();
            }
            throw new ConfigurationException("http.port (HTTP_PORT): port " + settings.httpPort()
                    + " of this machine is in use: choose another, or 0 for any free one");
        }
    }

    private static int any() {
        try {
            return free(0);
        } catch (IOException e) {
            throw new ConfigurationException("this machine has no free port for health and metrics");
        }
    }

    private static int free(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
