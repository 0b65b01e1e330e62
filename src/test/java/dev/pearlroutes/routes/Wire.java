package dev.pearlroutes.routes;

import dev.pearlroutes.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The network between the bundle and an API, for faults below HTTP. */
public final class Wire implements AutoCloseable {
    private static final int SOME_BYTES = 40;

    private final int target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unread = new AtomicInteger();
    private final AtomicInteger reset = new AtomicInteger();
    private volatile ServerSocket listener;

    /** @param api what it leads to */
    public Wire(URI api) throws IOException {
        this.target = api.getPort();
        this.listener = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
        this.port = listener.getLocalPort();
        listen(listener);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Closes the next n connections before anything is read from them, and now those there are, so that there will be new ones. */
    void dropUnread(int n) throws IOException {
        unread.set(n);
        closeAll();
    }

    /** Resets the next n connections that bring an answer, in the middle of it. */
    void resetInAnswer(int n) {
        reset.set(n);
    }

    /** Ends every connection and refuses new ones, as a server that is down. */
    public void down() throws IOException {
        listener.close();
        closeAll();
    }

    private void closeAll() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    public void up() throws IOException {
        ServerSocket again = new ServerSocket();
        again.setReuseAddress(true);
        again.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listener = again;
        listen(again);
    }

    @Override
    public void close() {
        try {
            down();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen(ServerSocket on) {
        start(() -> {
            while (true) {
                Socket client = on.accept();
                if (take(unread)) {
                    client.close();
                } else {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    open.add(client);
                    open.add(server);
                    start(() -> pass(client, server, false));
                    start(() -> pass(server, client, true));
                }
            }
        });
    }

    private void pass(Socket from, Socket to, boolean answers) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[8_192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (answers && take(reset)) {
                    to.getOutputStream().write(buffer, 0, Math.min(n, SOME_BYTES));
                    // With this close() sends RST in place of FIN.
                    to.setSoLinger(true, 0);
                    return;
                }
                to.getOutputStream().write(buffer, 0, n);
            }
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static boolean take(AtomicInteger left) {
        return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // Closed from either side.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
