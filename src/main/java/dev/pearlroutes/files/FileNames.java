package dev.pearlroutes.files;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of files in {@code done/} and {@code failed/}. */
public final class FileNames {
    /** Bytes of a name. File systems take 255; the rest is for what the result files append. */
    private static final int LONGEST_BYTES = 200;

    private static final DateTimeFormatter TIME = time("yyyyMMdd'T'HHmmss'Z'");
    private static final DateTimeFormatter FINER_TIME = time("yyyyMMdd'T'HHmmss.SSS'Z'");

    /** What tells the format of a file: one ending, and the one before it when that is packed. */
    private static final Pattern ENDING = Pattern.compile("(?<=.)(\\.[A-Za-z0-9]{1,8})?(\\.[A-Za-z0-9]{1,8})$");

    private FileNames() {}

    /**
     * Finds a free name: the dropped one made printable, or, when it is taken, that with the time before its ending, so that no result
     * overwrites another: {@code leads.20261130T152620Z.csv}.
     *
     * @param under makes it under a name; null when the name is taken
     */
    public static <T> T first(String dropped, Instant at, Function<String, T> under) {
        String name = shorten(LogText.printable(dropped));
        T made = under.apply(name);
        if (made == null) {
            made = under.apply(withTime(name, TIME.format(at)));
        }
        for (Instant time = at; made == null; time = time.plusMillis(1)) {
            made = under.apply(withTime(name, FINER_TIME.format(time)));
        }
        return made;
    }

    private static String withTime(String name, String time) {
        int ending = name.length() - ending(name).length();
        return name.substring(0, ending) + "." + time + name.substring(ending);
    }

    private static String ending(String name) {
        Matcher ending = ENDING.matcher(name);
        if (!ending.find()) {
            return "";
        }
        return ending.group(2).equalsIgnoreCase(".gz") ? ending.group() : ending.group(2);
    }

    private static DateTimeFormatter time(String pattern) {
        return DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
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
