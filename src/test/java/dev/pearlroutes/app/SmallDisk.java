package dev.pearlroutes.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own that can be full or read-only. Mounting one takes Linux and the rights for it. */
public final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 4_096;

    private final Path folder;
    private final Path filler;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.filler = folder.resolve("filler");
    }

    /** Mounts it on a folder; where that cannot be done the test is skipped and says so. */
    public static SmallDisk mount(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        if (run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString()) != 0) {
            Assumptions.abort("a small disk cannot be mounted here: the test of a full disk is left out");
        }
        return new SmallDisk(folder);
    }

    /** Leaves no byte free. */
    public void fill() throws IOException {
        byte[] block = new byte[BLOCK];
        try {
            while (true) {
                Files.write(filler, block, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            if (folder.toFile().getUsableSpace() > 0) {
                throw e;
            }
        }
    }

    /** Gives that much of it back. */
    public void free(int megabytes) throws IOException {
        try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - ((long) megabytes << 20));
        }
    }

    public void free() throws IOException {
        Files.delete(filler);
    }

    public void readOnly() throws IOException {
        if (run("mount", "-o", "remount,ro", folder.toString()) != 0) {
            throw new IOException("cannot be mounted again");
        }
    }

    @Override
    public void close() {
        run("umount", "-l", folder.toString());
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // There is no such program: another operating system.
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
