package speed;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** What the figures hang on. */
final class Machine {
    private static final int SYNCS = 101;

    private Machine() {}

    static String facts(Path java) throws IOException {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %s, load %.2f; a sync of the disk %.2f ms; Java %s",
                processor(),
                system.getAvailableProcessors(),
                system.getName() + " " + system.getVersion(),
                system.getSystemLoadAverage(),
                syncMillis(Path.of("target")),
                version(java));
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.exists(info)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    private static String version(Path java) throws IOException {
        Path release = java.resolve("release");
        if (!Files.exists(release)) {
            return java.toString();
        }
        try (Stream<String> lines = Files.lines(release)) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("[^0-9.]", ""))
                    .findFirst()
                    .orElse(java.toString());
        }
    }

    /** The median of what it takes to append 4 KiB and sync. */
    private static double syncMillis(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "sync", "");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long[] times = new long[SYNCS];
            for (int i = 0; i < SYNCS; i++) {
                channel.write(ByteBuffer.allocate(4096));
                long before = System.nanoTime();
                channel.force(false);
                times[i] = System.nanoTime() - before;
            }
            Arrays.sort(times);
            return times[SYNCS / 2] / 1e6;
        } finally {
            Files.delete(file);
        }
    }
}
