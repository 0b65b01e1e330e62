package dev.pearlroutes.upkeep;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The erasure of a person from the events that were delivered into files. */
final class EventFiles {
    private static final String MASK = "{\"" + Erasure.ERASED + "\":true}";

    private EventFiles() {}

    /**
     * Overwrites the person's lines in the files of a folder. Each keeps its length, since the ledger counts the bytes of the
     * file that is being appended to, and in CSV its columns.
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
            boolean csv = path.toString().endsWith(".csv");
            String mask = csv ? Erasure.ERASED : MASK;
            // A header has a comma between two columns and nowhere else.
            String otherCells = csv ? text(line).replaceAll("[^,]", "") : "";
            while (line.length > 0) {
                int blanks = length(line) - mask.length() - otherCells.length();
                if (blanks >= 0 && person.has(text(line))) {
                    file.seek(start);
                    file.write((mask + " ".repeat(blanks) + otherCells).getBytes(StandardCharsets.UTF_8));
                    masked++;
                }
                start += line.length;
                line = readLine(in);
            }
        }
        file.getFD().sync();
        return masked;
    }

    private static String text(byte[] line) {
        return new String(line, 0, length(line), StandardCharsets.UTF_8);
    }

    /** Without the line feed. */
    private static int length(byte[] line) {
        return line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
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
