package speed;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The API that the leads of a measurement go to, in a process of its own: one thread that reads, one that answers what has to
 * wait, and little to do for a request, so that what is measured is the client. It speaks as much HTTP/1.1 as that needs:
 * keep-alive and bodies with a Content-Length.
 *
 * <pre>
 * PUT  …/Lead      200 with a leadId after the latency, or 429 beyond the rate
 * POST …           200 with an empty page
 * GET  /__stats    what came since the last reset, as {@link Traffic#json}
 * POST /__reset?latency=5&amp;rate=200&amp;burst=10&amp;retry-after=1
 * </pre>
 *
 * Any other server that answers these can take its place.
 */
public final class Api {
    private static final byte[] EXTERNAL_ID = "\"externalId\":\"".getBytes(StandardCharsets.ISO_8859_1);

    private final Selector selector;
    private final ServerSocketChannel socket;
    /** The latency is the same for all, so answers fall due in the order in which they were asked for. */
    private final BlockingQueue<Answer> waiting = new LinkedBlockingQueue<>();

    private Traffic traffic = new Traffic();
    private long latencyNanos;
    private TokenBucket bucket = TokenBucket.UNLIMITED;
    private int retryAfter;

    private record Answer(long due, Connection connection, byte[] bytes) {}

    private static final class Connection {
        private final SocketChannel channel;
        private ByteBuffer in = ByteBuffer.allocate(8 * 1024);

        private Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private Api() throws IOException {
        selector = Selector.open();
        socket = ServerSocketChannel.open();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Prints its port and serves until its standard input ends, which it does with the process that started it. */
    public static void main(String[] args) throws IOException {
        Api api = new Api();
        System.out.println(api.socket.socket().getLocalPort());
        daemon(Api::endWithParent);
        daemon(api::answerWhenDue);
        api.serve();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private static void endWithParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It has ended.
        }
        System.exit(0);
    }

    private void serve() throws IOException {
        while (true) {
            selector.select(this::ready);
        }
    }

    /** Not by a time-out of the selector, which counts in ms: answers would be late, and come several at once. */
    private void answerWhenDue() {
        try {
            while (true) {
                Answer next = waiting.take();
                for (long left = next.due() - System.nanoTime(); left > 0; left = next.due() - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                send(next.connection(), next.bytes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel channel = socket.accept();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
            } else {
                read((Connection) key.attachment());
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private void read(Connection connection) throws IOException {
        if (connection.channel.read(connection.in) < 0) {
            connection.channel.close();
            return;
        }
        ByteBuffer in = connection.in.flip();
        while (request(connection, in)) {
            // One after the other, as long as they are complete.
        }
        if (in.position() == 0 && in.limit() == in.capacity()) {
            connection.in = ByteBuffer.allocate(2 * in.capacity()).put(in);
        } else {
            in.compact();
        }
    }

    /** @return whether there was a complete one */
    private boolean request(Connection connection, ByteBuffer in) throws IOException {
        byte[] bytes = in.array();
        int start = in.position();
        int body = Bytes.indexOf(bytes, start, in.limit(), Bytes.HEAD_END) + Bytes.HEAD_END.length;
        if (body < Bytes.HEAD_END.length) {
            return false;
        }
        int length = Bytes.contentLength(bytes, start, body);
        if (in.limit() < body + length) {
            return false;
        }
        in.position(body + length);
        if (bytes[start] == 'P' && bytes[start + 1] == 'U') {
            lead(connection, bytes, body, length);
        } else {
            String line = new String(bytes, start, Math.min(300, body - start), StandardCharsets.ISO_8859_1);
            send(connection, other(line.substring(0, line.indexOf(" HTTP"))));
        }
        return true;
    }

    private void lead(Connection connection, byte[] bytes, int body, int length) throws IOException {
        byte[] answer;
        if (bucket.take()) {
            int at = Bytes.indexOf(bytes, body, body + length, EXTERNAL_ID);
            long leadId = traffic.accepted(at < 0 ? 0 : Bytes.hash(bytes, at + EXTERNAL_ID.length, body + length));
            answer = Bytes.answer("200 OK", "", "{\"leadId\":\"" + Long.toHexString(0x1000_0000_0000_0000L + leadId) + "\"}");
        } else {
            traffic.limited();
            answer = Bytes.answer("429 Too Many Requests", "Retry-After: " + retryAfter + "\r\n", "{}");
        }
        if (latencyNanos == 0) {
            send(connection, answer);
        } else {
            waiting.add(new Answer(System.nanoTime() + latencyNanos, connection, answer));
        }
    }

    private byte[] other(String line) {
        if (line.startsWith("POST /__reset")) {
            reset(line.substring(line.indexOf('?') + 1));
            return Bytes.answer("200 OK", "", "{}");
        }
        boolean stats = line.equals("GET /__stats");
        return Bytes.answer("200 OK", "", stats ? traffic.json() : "{\"count\":0,\"results\":[]}");
    }

    private void reset(String settings) {
        traffic = new Traffic();
        double latency = setting(settings, "latency", 0);
        latencyNanos = Math.round(latency * 1e6);
        bucket = new TokenBucket(setting(settings, "rate", 0), setting(settings, "burst", 1));
        retryAfter = (int) setting(settings, "retry-after", 1);
    }

    private static double setting(String settings, String name, double otherwise) {
        for (String setting : settings.toLowerCase(Locale.ROOT).split("&")) {
            if (setting.startsWith(name + "=")) {
                return Double.parseDouble(setting.substring(name.length() + 1));
            }
        }
        return otherwise;
    }

    /** An answer fits into the socket's buffer, since none is sent before the one before it was read. */
    private static void send(Connection connection, byte[] answer) {
        try {
            connection.channel.write(ByteBuffer.wrap(answer));
        } catch (IOException e) {
            // The client has gone.
        }
    }

    /** A refused request drains nothing. */
    private static final class TokenBucket {
        private static final TokenBucket UNLIMITED = new TokenBucket(0, 1);

        private final double perSecond;
        private final double capacity;
        private double tokens;
        private long at = System.nanoTime();

        /** @param perSecond 0 is no limit */
        private TokenBucket(double perSecond, double capacity) {
            this.perSecond = perSecond;
            this.capacity = capacity;
            this.tokens = capacity;
        }

        private boolean take() {
            if (perSecond == 0) {
                return true;
            }
            long now = System.nanoTime();
            tokens = Math.min(capacity, tokens + (now - at) / 1e9 * perSecond);
            at = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }
}
