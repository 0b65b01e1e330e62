package dev.pearlroutes.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port of this machine for a server of this program, checked before the server starts: it would report a taken one too late. */
public final class LocalPort {
    public static final String LOOPBACK = "127.0.0.1";

    private LocalPort() {}

    /**
     * Finds the port to listen on.
     *
     * @param key that sets the port, for the message
     * @param host address to listen on
     * @param port the configured one; 0 for any free one
     * @param orAny whether any free port will do when the configured one is taken: in the sandbox a taken port must not spoil the
     *     first run, unless the operator chose it
     * @throws ConfigurationException when the port is in use
     */
    public static int find(String key, String host, int port, boolean orAny) {
        try {
            return free(host, port);
        } catch (IOException taken) {
            if (!orAny || port == 0) {
                throw new ConfigurationException(key + " (" + Key.environmentName(key) + "): port " + port
                        + " of this machine is in use: choose another, or 0 for any free one");
            }
            return find(key, host, 0, false);
        }
    }

    private static int free(String host, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        }
    }
}
