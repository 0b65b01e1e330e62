package speed;

import java.nio.charset.StandardCharsets;

/** The little of HTTP that server and client share, on bytes as they came. */
final class Bytes {
    static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.ISO_8859_1);
    private static final int LOWER = 0x20;

    private Bytes() {}

    /** @return -1 when it is not there */
    static int indexOf(byte[] bytes, int from, int to, byte[] sought) {
        for (int i = from; i <= to - sought.length; i++) {
            if (matches(bytes, i, sought, 0)) {
                return i;
            }
        }
        return -1;
    }

    /** @return 0 when the head has none */
    static int contentLength(byte[] bytes, int from, int to) {
        for (int i = from; i < to - CONTENT_LENGTH.length; i++) {
            if (bytes[i] == '\n' && matches(bytes, i + 1, CONTENT_LENGTH, LOWER)) {
                int length = 0;
                for (int k = i + 1 + CONTENT_LENGTH.length; bytes[k] != '\r'; k++) {
                    length = bytes[k] == ' ' ? length : 10 * length + bytes[k] - '0';
                }
                return length;
            }
        }
        return 0;
    }

    /** Of the text up to the next quote (64-bit FNV-1a). */
    static long hash(byte[] bytes, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to && bytes[i] != '"'; i++) {
            hash = (hash ^ bytes[i]) * 0x100000001b3L;
        }
        return hash;
    }

    static byte[] answer(String status, String headers, String json) {
        return ("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + headers + "Content-Length: " + json.length()
                        + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** @param or bits set on each letter before it is compared */
    private static boolean matches(byte[] bytes, int at, byte[] sought, int or) {
        for (int k = 0; k < sought.length; k++) {
            if ((bytes[at + k] | or) != (sought[k] | or)) {
                return false;
            }
        }
        return true;
    }
}
