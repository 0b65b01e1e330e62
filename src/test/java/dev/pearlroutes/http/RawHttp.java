package dev.pearlroutes.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection to the HTTP server on which a test writes what no decent client would. */
public final class RawHttp implements AutoCloseable {
    private static final int SECONDS = 60;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");

    private final Socket socket = new Socket();

    public RawHttp(URI server) throws IOException {
        socket.setSoTimeout(SECONDS * 1_000);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), SECONDS * 1_000);
    }

    public RawHttp write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawHttp write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Reads one answer with its body. @return empty when the server closes the connection without any */
    public String answer() throws IOException {
        InputStream in = socket.getInputStream();
        String head = line(in);
        String line;
        do {
            line = line(in);
            head += line;
        } while (line.length() > 2);
        if (head.matches("(?is).*\r\ntransfer-encoding: *chunked\r\n.*")) {
            StringBuilder body = new StringBuilder();
            for (int next = size(in); next > 0; next = size(in)) {
                body.append(new String(in.readNBytes(next), StandardCharsets.UTF_8));
                line(in);
            }
            line(in);
            return head + body;
        }
        Matcher length = LENGTH.matcher(head);
        return head
                + (length.find()
                        ? new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8)
                        : "");
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in).strip(), 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = read(in); next >= 0; next = read(in)) {
            line.append((char) next);
            if (next == '\n') {
                break;
            }
        }
        return line.toString();
    }

    /** Tells whether the server has closed the connection, after a wait. */
    public boolean isClosed() throws IOException {
        return read(socket.getInputStream()) < 0;
    }

    private static int read(InputStream in) throws IOException {
        try {
            return in.read();
        } catch (SocketException e) {
            // It was closed while there was something that the server had not read.
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
