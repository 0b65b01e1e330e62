package dev.pearlroutes.upkeep;

import dev.pearlroutes.ledger.Erasure;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Takes a person out of the events that were delivered into files. */
final class EventFiles {
    private static final byte[] MASK = ("{\"" + Erasure.ERASED + "\":true}").getBytes(StandardCharsets.UTF_8);

    private EventFiles() {}

    /**
     * Overwrites the person's lines in the files of a folder. Each keeps its length: the ledger counts the bytes of the file
     * that is being appended to.
     *
     * @return how many lines
     */
    static int mask(Path folder, Person person) throws IOException {
        int masked = 0;
        for (Path file : files(folder)) {
            try (RandomAccessFile lines = new RandomAccessFile(file.toFile(), "rw")) {
                masked += mask(lines, person, file);
            }
        }
        return masked;
    }

    /** Deletes the files of a folder and below that hold an event of the person. @return how many */
    static int delete(Path folder, Person person) throws IOException {
        int deleted = 0;
        for (Path file : files(folder)) {
            if (person.has(Files.readString(file))) {
                Files.delete(file);
                deleted++;
            }
        }
        return deleted;
    }

    private static int mask(RandomAccessFile file, Person person, Path path) throws IOException {
        int masked = 0;
        long start = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            byte[] line = readLine(in);
            while (line.length > 0) {
                int length = line[line.length - 1] == '\n' ? line.length - 1 : line.length;
                if (length >= MASK.length && person.has(new String(line, 0, length, StandardCharsets.UTF_8))) {
                    byte[] blank = new byte[length];
                    Arrays.fill(blank, (byte) ' ');
                    System.arraycopy(MASK, 0, blank, 0, MASK.length);
                    file.seek(start);
                    file.write(blank);
                    masked++;
                }
                start += line.length;
                line = readLine(in);
            }
        }
        file.getFD().sync();
        return masked;
    }

    /** @return the line with its line feed; empty at the end */
    private static byte[] readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        int next = in.read();
        while (next >= 0) {
            line.write(next);
            next = next == '\n' ? -1 : in.read();
        }
        return line.toByteArray();
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
