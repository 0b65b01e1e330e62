package dev.pearlroutes.rows;

import java.nio.charset.Charset;

/**
 * Tells whether bytes are text in UTF-8 with characters beyond ASCII. Text of another charset with such characters is hardly ever valid
 * UTF-8, whereas any bytes are text of a charset of one byte, so that {@code Zoë} would be spoken as {@code ZoÃ«}.
 */
final class Utf8Evidence {
    private boolean valid = true;
    private boolean found;
    /** Bytes that the current character still needs, and the bounds of the next one. */
    private int needed;

    private int lowest;
    private int highest;

    static boolean isOfOneByte(Charset charset) {
        return charset.canEncode() && charset.newEncoder().maxBytesPerChar() == 1;
    }

    void take(byte[] bytes, int from, int length) {
        for (int i = from; valid && i < from + length; i++) {
            take(bytes[i] & 0xFF);
        }
    }

    private void take(int b) {
        if (needed == 0) {
            if (b >= 0x80) {
                begin(b);
            }
        } else if (b < lowest || b > highest) {
            valid = false;
        } else {
            needed--;
            found |= needed == 0;
            lowest = 0x80;
            highest = 0xBF;
        }
    }

    /** Begins a character by the table of well-formed sequences of the Unicode standard. */
    private void begin(int b) {
        valid = b >= 0xC2 && b <= 0xF4;
        needed = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        lowest = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        highest = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    }

    /** Tells whether all bytes so far are UTF-8 and any character of them is beyond ASCII; one that is cut off says nothing. */
    boolean isShown() {
        return valid && found;
    }
}
