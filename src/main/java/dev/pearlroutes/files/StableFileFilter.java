package dev.pearlroutes.files;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * The filter for dropped files that are no longer being written. Unlike the read locks of Camel's file component it holds up no other file
 * of the folder while it waits for one.
 */
public final class StableFileFilter implements GenericFileFilter<Object> {
    /** Milliseconds without a write after which a file is complete. A program that pauses longer renames the file when it is done. */
    static final long QUIET_MILLIS = 2_000;

    /** Milliseconds for a file that looks cut off: its writer may have paused within a line. */
    static final long QUIET_MILLIS_WITHOUT_LINE_END = 10_000;

    /** Names under which other programs write a file that they rename when it is complete. */
    private static final Pattern BEING_WRITTEN = Pattern.compile(
            "(^[.~].*|.*(~|\\.part|\\.partial|\\.tmp|\\.temp|\\.filepart|\\.crdownload|\\.swp))$", Pattern.DOTALL);

    /** Files whose last line usually ends in a line feed when it is complete. Compressed files have no such sign. */
    private static final Pattern OF_LINES = Pattern.compile(".*\\.(csv|txt|jsonl|ndjson)", Pattern.DOTALL);

    @Override
    public boolean accept(GenericFile<Object> file) {
        String name = file.getFileNameOnly().toLowerCase(Locale.ROOT);
        if (isInTheMaking(name)) {
            return false;
        }
        File dropped = (File) file.getFile();
        if (!dropped.exists()) {
            // Listed but not found: the claim reports it to the person who dropped it.
            return true;
        }
        return dropped.isFile() && isQuiet(dropped, file.getLastModified());
    }

    /** Tells whether a name is one under which other programs write a file. */
    public static boolean isInTheMaking(String name) {
        return BEING_WRITTEN.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** Tells whether the file seems to be complete. @param modified milliseconds since 1970 */
    public static boolean isQuiet(File file, long modified) {
        long quiet = Math.abs(System.currentTimeMillis() - modified);
        return quiet >= QUIET_MILLIS
                && (quiet >= QUIET_MILLIS_WITHOUT_LINE_END
                        || !OF_LINES.matcher(file.getName().toLowerCase(Locale.ROOT))
                                .matches()
                        || endsInLineFeed(file));
    }

    private static boolean endsInLineFeed(File file) {
        try (RandomAccessFile bytes = new RandomAccessFile(file, "r")) {
            long length = bytes.length();
            if (length == 0) {
                return false;
            }
            bytes.seek(length - 1);
            return bytes.read() == '\n';
        } catch (IOException e) {
            return false;
        }
    }
}
