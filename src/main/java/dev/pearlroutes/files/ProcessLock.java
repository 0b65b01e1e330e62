package dev.pearlroutes.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that one process has locked. The lock is the operating system's, so that it ends with the process in any case. */
public final class ProcessLock implements AutoCloseable {
    /**
     * Prefix of the system properties that name what this JVM has locked, for every class loader of it. A second
     * channel must not even be opened: on Linux its close() ends the lock of the first one.
     */
    private static final String HELD = "dev.pearlroutes.files.locked.";

    private final FileChannel channel;
    private final String held;

    private ProcessLock(FileChannel channel, String held) {
        this.channel = channel;
        this.held = held;
    }

    /**
     * Locks a file, which is made if there is none.
     *
     * @return empty when another process or another part of this one has it
     * @throws IOException when the file cannot be written
     */
    public static Optional<ProcessLock> take(Path file) throws IOException {
        String property = HELD + file;
        if (System.getProperties().putIfAbsent(property, "") != null) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return Optional.of(new ProcessLock(channel, property));
            }
        } catch (IOException e) {
            release(channel, property);
            throw e;
        }
        release(channel, property);
        return Optional.empty();
    }

    @Override
    public void close() {
        release(channel, held);
    }

    private static void release(FileChannel channel, String held) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing was written through it, and the lock ends with the process at the latest.
        }
        System.clearProperty(held);
    }
}
