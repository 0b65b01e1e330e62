package speed;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The limit: as many requests as a number of keep-alive connections can make of which each has one request in flight, from a
 * client with nothing else to do. It does what wrk does with one thread.
 *
 * <pre>Limit base-url connections seconds</pre>
 */
public final class Limit {
    private static final int WARM_UP_SECONDS = 2;

    private final Selector selector = Selector.open();
    private final String host;
    private long sent;

    private Limit(URI server, int connections) throws IOException {
        host = server.getAuthority();
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(4 * 1024));
            send(channel);
        }
    }

    /** Prints requests per second. */
    public static void main(String[] args) throws IOException {
        Limit limit = new Limit(URI.create(args[0]), Integer.parseInt(args[1]));
        limit.run(WARM_UP_SECONDS);
        long seconds = Long.parseLong(args[2]);
        long before = limit.sent;
        long start = System.nanoTime();
        limit.run(seconds);
        System.out.println((limit.sent - before) / ((System.nanoTime() - start) / 1e9));
    }

    private void run(long seconds) throws IOException {
        long end = System.nanoTime() + seconds * 1_000_000_000;
        while (System.nanoTime() - end < 0) {
            selector.select(this::ready);
        }
    }

    private void ready(SelectionKey key) {
        ByteBuffer in = (ByteBuffer) key.attachment();
        try {
            SocketChannel channel = (SocketChannel) key.channel();
            if (channel.read(in) < 0) {
                throw new IOException("the server closed the connection");
            }
            int body = Bytes.indexOf(in.array(), 0, in.position(), Bytes.HEAD_END) + Bytes.HEAD_END.length;
            if (body >= Bytes.HEAD_END.length && in.position() >= body + Bytes.contentLength(in.array(), 0, body)) {
                in.clear();
                send(channel);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(SocketChannel channel) throws IOException {
        sent++;
        String body = LeadFile.json(sent);
        channel.write(ByteBuffer.wrap(("PUT /v1/Outbound/bench/Lead HTTP/1.1\r\nHost: " + host
                        + "\r\nAuthorization: Bearer account:secret\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1)));
    }
}
