package dev.pearlroutes.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a process has of a data folder for itself where several share it: a name, and what is below it. */
public final class NodeFolder implements AutoCloseable {
    private final String name;
    private final ProcessLock lock;

    private NodeFolder(String name, ProcessLock lock) {
        this.name = name;
        this.lock = lock;
    }

    /**
     * Takes a name that no other process has: the one that is wanted, or it with a number.
     *
     * @param data the data folder
     * @throws IOException when that cannot be written
     */
    public static NodeFolder take(Path data, String wanted) throws IOException {
        Path all = Files.createDirectories(data.toAbsolutePath().normalize().resolve("tmp"));
        for (int number = 1; ; number++) {
            String name = number == 1 ? wanted : wanted + "-" + number;
            Optional<ProcessLock> lock = ProcessLock.take(all.resolve(name + ".lock"));
            if (lock.isPresent()) {
                return new NodeFolder(name, lock.get());
            }
        }
    }

    public String name() {
        return name;
    }

    @Override
    public void close() {
        lock.close();
    }
}
