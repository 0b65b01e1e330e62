package dev.pearlroutes.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Set;

/**
 * The HTTP server, with its locks.
 *
 * @param host address that it listens on
 * @param port that it listens on; 0 for any free one
 * @param portChosen whether the operator set the port; then a taken one is an error in the sandbox too
 * @param password of the user {@code operator}; null for none
 * @param token that is sent as a bearer token; null for none
 * @param allowedHosts names that requests may be sent to besides the host and those of this machine, in lower case
 * @param webhooksPort where webhooks are taken on all addresses of this machine; null where they are taken on the port alone
 * @param keyStore by which the server speaks TLS; null where it does not
 */
public record Http(
        String host,
        int port,
        boolean portChosen,
        Secret password,
        Secret token,
        Set<String> allowedHosts,
        Integer webhooksPort,
        KeyStore keyStore) {

    public static final String USER = "operator";

    /** A key store with the certificate of the server. @param password empty when it has none */
    public record KeyStore(Path file, Secret password) {}

    /** Tells whether requests need a password or token. */
    public boolean locked() {
        return password != null || token != null;
    }

    /** Tells whether an address is one of this machine alone; names other than {@code localhost} are not looked up. */
    static boolean isLoopback(String host) {
        try {
            return host.equals("localhost")
                    || host.matches("[0-9.]+|.*:.*")
                            && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
