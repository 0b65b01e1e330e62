package dev.pearlroutes.files;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.function.Function;

/** Names of files in {@code done/} and {@code failed/}. */
public final class FileNames {
    /** Bytes of a name. File systems take 255; the rest is for what the result files append. */
    private static final int LONGEST_BYTES = 200;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private FileNames() {}

    /**
     * Finds a free name: the dropped one made printable, or, when it is taken, that with the time appended, so that no result overwrites
     * another.
     *
     * @param under makes it under a name; null when the name is taken
     */
    public static <T> T first(String dropped, Instant at, Function<String, T> under) {
        String name = shorten(LogText.printable(dropped));
        T made = under.apply(name);
        for (Instant time = at; made == null; time = time.plusMillis(1)) {
            made = under.apply(name + "." + TIME.format(time));
        }
        return made;
    }

    /** Shortens a name that is too long to its beginning and extension; a hash between them keeps two such names apart. */
    private static String shorten(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_BYTES) {
            return name;
        }
        int dot = name.indexOf('.', Math.max(0, name.length() - 12));
        String extension = dot < 0 ? "" : name.substring(dot);
        String tail = "~" + HexFormat.of().toHexDigits(name.hashCode()) + extension;
        StringBuilder head = new StringBuilder();
        int room = LONGEST_BYTES - tail.getBytes(StandardCharsets.UTF_8).length;
        int used = 0;
        for (int codePoint : name.codePoints().toArray()) {
            used += Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
            if (used > room) {
                break;
            }
            head.appendCodePoint(codePoint);
        }
        return head + tail;
    }
}
