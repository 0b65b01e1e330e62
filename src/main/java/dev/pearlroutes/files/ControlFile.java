package dev.pearlroutes.files;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that people drop beside a lead file F to give an order about it, such as {@code F.cancel}.
 *
 * @param name the name of F
 * @param text its content, without space around it
 */
public record ControlFile(File file, String name, String text) {
    private static final Logger LOG = LoggerFactory.getLogger(ControlFile.class);
    /** Bytes of the longest order. */
    private static final int MOST_BYTES = 100;

    /** Tells whether a name is that of another file followed by the ending. */
    public static boolean isNamed(String name, String ending) {
        return name.endsWith(ending) && name.length() > ending.length();
    }

    /** Reads a control file; null when it is gone again. */
    public static ControlFile read(File file, String ending) throws IOException {
        String name = file.getName().substring(0, file.getName().length() - ending.length());
        try {
            String text = Files.size(file.toPath()) > MOST_BYTES
                    ? "more than any of them says"
                    : new String(Files.readAllBytes(file.toPath()), StandardCharsets.ISO_8859_1).strip();
            return new ControlFile(file, name, text);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Returns F beside it, which need not exist. */
    public File waiting() {
        return new File(file.getParentFile(), name);
    }

    /** Removes it after it was carried out. */
    public void carriedOut() throws IOException {
        Files.deleteIfExists(file.toPath());
    }

    /**
     * Moves it to a folder together with the reason.
     *
     * @param failed the folder for what cannot be used
     * @param why what is wrong with it
     * @param notDone what was not done, for the reason file
     */
    public void refuse(AtomicFiles wholeFiles, Path failed, String outbound, String why, String notDone)
            throws IOException {
        String printable = LogText.printable(file.getName());
        Path target = failed.resolve(printable);
        wholeFiles.write(target.resolveSibling(printable + ".reason.txt"), why + "; " + notDone + "\n");
        AtomicFiles.move(file.toPath(), target);
        LOG.error("{} of {} {}. It is in {}", printable, outbound, why, failed);
    }
}
