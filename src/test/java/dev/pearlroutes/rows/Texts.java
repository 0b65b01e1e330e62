package dev.pearlroutes.rows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Lead files of the tests, written to a temporary place and read whole. */
public final class Texts {
    private Texts() {}

    public static List<Row> rows(String name, String text) {
        return rows(name, text.getBytes(StandardCharsets.UTF_8));
    }

    public static List<Row> rows(String name, byte[] content) {
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

    public static List<Row> rows(String name, Path file) {
        List<Row> rows = new ArrayList<>();
        try (RowReader reader = RowReader.open(file, name, options(StandardCharsets.UTF_8))) {
            reader.forEachRemaining(rows::add);
        }
        return rows;
    }

    /** How the outbound demo reads its files. */
    public static ReadOptions options(Charset charset) {
        Path scratch = Path.of("target", "tmp");
        return new ReadOptions(
                charset, "outbound.demo.charset", null, "outbound.demo.sheet", reader -> {}, false, scratch);
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
