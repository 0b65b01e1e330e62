package dev.pearlroutes.files;

import java.io.File;
import java.nio.file.Path;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * The filter for dropped files that are no longer being written. Unlike the read locks of Camel's file component it holds up no other file
 * of the folder while it waits for one.
 */
public final class StableFileFilter implements GenericFileFilter<Object> {
    private final QuietFiles quietFiles;

    /** @param quietFiles the one of this process, which sees the files of all folders */
    public StableFileFilter(QuietFiles quietFiles) {
        this.quietFiles = quietFiles;
    }

    @Override
    public boolean accept(GenericFile<Object> file) {
        File dropped = (File) file.getFile();
        if (FileEndings.isInTheMaking(dropped.getName())) {
            return false;
        }
        if (!dropped.exists()) {
            // Listed but not found: the claim reports it to the person who dropped it.
            return true;
        }
        Path path = dropped.toPath();
        return quietFiles.isQuiet(path) && (FileEndings.isKnown(dropped.getName()) || quietFiles.isLeftAlone(path));
    }
}
