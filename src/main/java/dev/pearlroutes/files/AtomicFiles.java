package dev.pearlroutes.files;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** Files that appear whole or not at all: written aside, synced, renamed. */
public final class AtomicFiles {
    private final Set<PosixFilePermission> mode;

    /** @param mode permissions of what is written; ignored where the file system knows none */
    public AtomicFiles(Set<PosixFilePermission> mode) {
        this.mode = Set.copyOf(mode);
    }

    /** A file that is being written. It replaces its target at {@link #finish}, and leaves nothing behind when it is closed before. */
    public final class Draft implements AutoCloseable {
        private final Path target;
        private final Path aside;
        private final FileChannel channel;
        private final OutputStream bytes;
        private final GZIPOutputStream packed;
        private final Writer writer;
        private boolean finished;

        private Draft(Path target, boolean gzip) throws IOException {
            this.target = target;
            this.aside = AtomicFiles.aside(target);
            makeFolder(target.getParent());
            this.channel = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            applyMode(aside);
            this.bytes = Channels.newOutputStream(channel);
            this.packed = gzip ? new GZIPOutputStream(bytes) : null;
            this.writer = new BufferedWriter(new OutputStreamWriter(gzip ? packed : bytes, StandardCharsets.UTF_8));
        }

        public Writer writer() {
            return writer;
        }

        /** Returns what takes the bytes of a file that is no text; without a buffer, and not to be closed. */
        public OutputStream bytes() {
            return bytes;
        }

        /** Makes the file appear, durable together with its name. */
        public void finish() throws IOException {
            appear();
            syncFolder(target.getParent());
        }

        /**
         * Makes the file appear with durable content; its name is durable after the next {@link #syncFolder} or {@link #move}, which is
         * shared by several files of a folder.
         */
        public void appear() throws IOException {
            writer.flush();
            if (packed != null) {
                packed.finish();
            }
            channel.force(true);
            channel.close();
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            finished = true;
        }

        @Override
        public void close() throws IOException {
            channel.close();
            if (!finished) {
                Files.deleteIfExists(aside);
            }
        }
    }

    /** Begins a file. */
    public Draft draft(Path target) throws IOException {
        return new Draft(target, false);
    }

    /** Begins a file. @param gzip whether the text is compressed */
    public Draft draft(Path target, boolean gzip) throws IOException {
        return new Draft(target, gzip);
    }

    /** Writes a whole file. */
    public void write(Path target, String text) throws IOException {
        try (Draft draft = draft(target)) {
            draft.writer().write(text);
            draft.finish();
        }
    }

    /** Removes a file, and what a crash left of an unfinished one. */
    public static void remove(Path target) throws IOException {
        Files.deleteIfExists(target);
        Files.deleteIfExists(aside(target));
    }

    /** Gives a file the configured permissions. */
    public void applyMode(Path file) throws IOException {
        if (posix(file)) {
            Files.setPosixFilePermissions(file, mode);
        }
    }

    /** Renames atomically; durable with the next sync of the new folder, and then of the old one. */
    public static void rename(Path from, Path to) throws IOException {
        makeFolder(to.getParent());
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Renames atomically and makes the renaming itself durable. */
    public static void move(Path from, Path to) throws IOException {
        rename(from, to);
        syncFolder(to.getParent());
        if (!from.getParent().equals(to.getParent())) {
            syncFolder(from.getParent());
        }
    }

    /**
     * Copies a file of another file system, which no renaming can bring here: aside, synced, renamed. The original stays.
     *
     * @return false when the original was written meanwhile; then there is no copy
     */
    public static boolean copy(Path from, Path to) throws IOException {
        makeFolder(to.getParent());
        Path aside = aside(to);
        try {
            FileStamp before = FileStamp.of(from);
            try (InputStream in = Files.newInputStream(from);
                    FileChannel out = FileChannel.open(
                            aside,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING)) {
                if (posix(from) && posix(aside)) {
                    Files.setPosixFilePermissions(aside, Files.getPosixFilePermissions(from));
                }
                in.transferTo(Channels.newOutputStream(out));
                out.force(true);
            }
            if (Files.size(aside) != before.size() || !FileStamp.of(from).equals(before)) {
                return false;
            }
            move(aside, to);
            return true;
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /** Returns the path of a file that is being written. */
    public static Path aside(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".part");
    }

    /** Tells whether the file system has permissions. The file's store is not asked: finding it reads the list of mounts for each file. */
    private static boolean posix(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class) != null;
    }

    /** Makes a folder and those above it durably: only then are files in it found again after a power cut. */
    public static void makeFolder(Path folder) throws IOException {
        // createDirectories refuses a link to a folder.
        if (!Files.isDirectory(folder)) {
            Path above = folder.getParent();
            if (above != null) {
                makeFolder(above);
            }
            Files.createDirectories(folder);
            if (above != null) {
                syncFolder(above);
            }
        }
    }

    /** Makes new names in a folder durable, also for a thread that is interrupted: others may wait for this sync. */
    public static void syncFolder(Path folder) {
        boolean interrupted = false;
        boolean synced = false;
        while (!synced) {
            interrupted |= Thread.interrupted();
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
                synced = true;
            } catch (ClosedByInterruptException e) {
                // Repeated without the interrupt.
            } catch (IOException e) {
                // Not every system opens a folder; there the renaming is as durable as the file system makes it.
                synced = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
