package dev.pearlroutes.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What a file has in common with itself until it is written again. A writer can set the time of the last write as it likes; that of the
 * last change is the system's own, where there is one.
 *
 * @param size in bytes
 * @param modified time of the last write, as the writer or the system says
 * @param changed time of the last change of content, name or permissions; null where the system keeps none
 * @param key the file system's own of the file, such as device and inode; null where it has none
 * @param regular whether it is a file, and no folder, pipe or device
 */
public record FileStamp(long size, FileTime modified, FileTime changed, Object key, boolean regular) {
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /**
     * Reads the stamp of a file, or of what a link leads to; of the link where that is nowhere.
     *
     * @throws IOException when it is gone or cannot be asked
     */
    public static FileStamp of(Path file) throws IOException {
        try {
            return read(file);
        } catch (NoSuchFileException e) {
            return read(file, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static FileStamp read(Path file, LinkOption... links) throws IOException {
        if (UNIX) {
            Map<String, Object> read =
                    Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,fileKey,isRegularFile", links);
            return new FileStamp(
                    (Long) read.get("size"),
                    (FileTime) read.get("lastModifiedTime"),
                    (FileTime) read.get("ctime"),
                    read.get("fileKey"),
                    (Boolean) read.get("isRegularFile"));
        }
        BasicFileAttributes read = Files.readAttributes(file, BasicFileAttributes.class, links);
        return new FileStamp(read.size(), read.lastModifiedTime(), null, read.fileKey(), read.isRegularFile());
    }

    /** Tells whether nothing but the name or the permissions differ. */
    public boolean isRenamed(FileStamp before) {
        return size == before.size
                && modified.equals(before.modified)
                && (key == null ? before.key == null : key.equals(before.key))
                && regular == before.regular;
    }
}
