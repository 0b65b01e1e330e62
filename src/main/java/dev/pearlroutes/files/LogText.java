package dev.pearlroutes.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Texts for the log and for messages: one line each, which nobody outside can forge and which quotes no lead. */
public final class LogText {
    /** What ends a line, moves a terminal's cursor, or turns the direction of the text that follows. */
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]");

    private static final String OWN = "dev.pearlroutes.";

    private LogText() {}

    /** Replaces each control character by an underscore, so that no name of a file can forge a line of the log. */
    public static String printable(String text) {
        return CONTROLS.matcher(text).replaceAll("_");
    }

    /**
     * Describes a failure by its kind, and by its message where that is harmless: messages of foreign exceptions may quote
     * what was sent, those of this program, of the network and of files do not.
     *
     * @param harmless further kinds whose messages can be shown
     */
    public static String describe(Throwable failure, Class<?>... harmless) {
        String kind = failure.getClass().getSimpleName();
        boolean shown = failure.getMessage() != null
                && (failure instanceof IOException
                        || failure instanceof UncheckedIOException
                        || failure.getClass().getName().startsWith(OWN)
                        || Stream.of(harmless).anyMatch(type -> type.isInstance(failure)));
        return shown ? kind + ": " + printable(failure.getMessage()) : kind;
    }

    /** Takes the first line of a failure's message; empty when it has none. */
    public static String firstLine(Throwable failure) {
        return failure.getMessage() == null
                ? ""
                : failure.getMessage().lines().findFirst().orElse("");
    }

    /** Writes a time to wait: {@code 2 s}, {@code 500 ms}. */
    public static String inWords(Duration time) {
        return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /** Writes a number with its noun: {@code 1 lead}, {@code 2 leads}. @param noun singular, with the plural in s */
    public static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
