package dev.pearlroutes.files;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * Lets through the dropped files that nobody writes any more. Unlike the file component's read locks it holds up no other
 * file of the folder while it waits for one.
 */
public final class StableFileFilter implements GenericFileFilter<Object> {
    /** A file that was not written for so long is complete. Who pauses longer while writing renames the file when done. */
    static final long QUIET_MILLIS = 2_000;

    /** The same for a file that looks cut off: its writer may be paused within a line. */
    static final long QUIET_MILLIS_WITHOUT_LINE_END = 10_000;

    /** Names under which other programs write a file that they rename when it is complete. */
    private static final Pattern IN_THE_MAKING = Pattern.compile(
            "(^[.~].*|.*(~|\\.part|\\.partial|\\.tmp|\\.temp|\\.filepart|\\.crdownload|\\.swp))$", Pattern.DOTALL);

    /** Files whose complete last line ends in a line feed, if the writer is as usual. Packed bytes tell nothing of lines. */
    private static final Pattern OF_LINES = Pattern.compile(".*\\.(csv|txt|jsonl|ndjson)", Pattern.DOTALL);

    @Override
    public boolean accept(GenericFile<Object> file) {
        String name = file.getFileNameOnly().toLowerCase(Locale.ROOT);
        if (isInTheMaking(name)) {
            return false;
        }
        File dropped = (File) file.getFile();
        if (!dropped.exists()) {
            // Listed but not to be found: the claim tells who dropped it.
            return true;
        }
        return dropped.isFile() && isQuiet(dropped, file.getLastModified());
    }

    /** Whether a name is one under which other programs write a file. */
    public static boolean isInTheMaking(String name) {
        return IN_THE_MAKING.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** Whether nobody writes the file any more, as far as can be seen. @param modified milliseconds since 1970 */
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
