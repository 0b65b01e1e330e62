package dev.pearlroutes.leads;

import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * Lets through the dropped files that nobody writes any more. Unlike the file component's read locks it holds up no other
 * file of the folder while it waits for one.
 */
public final class QuietFiles implements GenericFileFilter<Object> {
    /** A file that was not written for so long is complete. Who pauses longer while writing renames the file when done. */
    static final long QUIET_MILLIS = 2_000;

    /** Names under which other programs write a file that they rename when it is complete. */
    private static final Pattern IN_THE_MAKING =
            Pattern.compile("(^[.~].*|.*(~|\\.part|\\.partial|\\.tmp|\\.temp|\\.filepart|\\.crdownload|\\.swp))$");

    @Override
    public boolean accept(GenericFile<Object> file) {
        return !file.isDirectory()
                && !IN_THE_MAKING
                        .matcher(file.getFileNameOnly().toLowerCase(Locale.ROOT))
                        .matches()
                && Math.abs(System.currentTimeMillis() - file.getLastModified()) >= QUIET_MILLIS;
    }
}
