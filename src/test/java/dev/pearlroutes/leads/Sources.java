package dev.pearlroutes.leads;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Lead files of the tests, written to a temporary place and read whole. */
final class Sources {
    private Sources() {}

    static List<Row> rows(String name, String text) {
        return rows(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static List<Row> rows(String name, byte[] content) {
        try {
            Path file = Files.createTempFile("leads", ".tmp");
            try {
                Files.write(file, content);
                return rows(name, file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Row> rows(String name, Path file) {
        List<Row> rows = new ArrayList<>();
        try (LeadReader reader = LeadReader.open(file, name, StandardCharsets.UTF_8)) {
            reader.forEachRemaining(rows::add);
        }
        return rows;
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
