package dev.pearlroutes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of this machine for what is not always there: a server that goes down and comes back. */
public final class Ports {
    // Below those that an operating system gives to whoever asks for any, so that nobody gets it while nobody listens.
    private static final int FIRST = 20_000;
    private static final int BEHIND_THE_LAST = 30_000;

    private Ports() {}

    /** One that nobody listens on. */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEHIND_THE_LAST);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Somebody listens there: another one.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
