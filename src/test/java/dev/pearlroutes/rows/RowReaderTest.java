package dev.pearlroutes.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowReaderTest {
    private static final String CSV = "phoneNumber,name\n+14155550100,Zoë\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"leads.csv", "LEADS.CSV", "a.b.Csv"})
    void takesTheFormatFromTheNamesEnding(String name) {
        assertThat(Texts.rows(name, CSV)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"leads.xlsx2", "csv", "leads", "leads.csv.bz2", ".gz"})
    void refusesOtherEndingsAndNamesTheSupportedOnes(String name) {
        assertThatThrownBy(() -> Texts.rows(name, CSV))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining(".csv, .json, .jsonl and .ndjson, each also with .gz, and .xlsx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.json", "a.jsonl", "a.ndjson", "a.csv.gz", "a.json.gz"})
    void refusesAnEmptyFile(String name) {
        assertThatThrownBy(() -> Texts.rows(name, ""))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("is empty (0 bytes)");
    }

    @Test
    void refusesAGzipFileOfNothing() {
        assertThatThrownBy(() -> Texts.rows("a.jsonl.gz", Texts.gzip(new byte[0])))
                .hasMessage("is empty (0 bytes)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aByteOrderMarkDecides(String charset) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "\uFEFF" + CSV, Charset.forName(charset));

        try (RowReader reader = RowReader.open(file, "a.csv", Texts.options(Charset.forName("windows-1252")))) {
            assertThat(reader.columns()).containsExactly("phoneNumber", "name");
            assertThat(reader.next().values()).containsEntry("name", "Zoë");
        }
    }

    @Test
    void readsTheCharsetGiven() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), CSV, StandardCharsets.ISO_8859_1);

        try (RowReader reader = RowReader.open(file, "a.csv", Texts.options(StandardCharsets.ISO_8859_1))) {
            assertThat(reader.next().values()).containsEntry("name", "Zoë");
        }
        assertThatThrownBy(() -> Texts.rows("a.csv", file))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage(
                        "is not UTF-8 at byte 33: save it as UTF-8, or set outbound.demo.charset to the charset it has");
    }

    @Test
    void findsAWrongByteFarIntoTheFile() {
        byte[] content = ("phoneNumber\n" + "x".repeat(9).concat("\n").repeat(50_000)).getBytes(StandardCharsets.UTF_8);
        content[400_000] = (byte) 0xFF;

        assertThatThrownBy(() -> Texts.rows("a.csv", content)).hasMessageContaining("at byte 400001:");
    }

    @Test
    void refusesACharacterCutOffAtTheEnd() {
        byte[] content = "phoneNumber\nZoë".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Texts.rows("a.csv", Arrays.copyOf(content, content.length - 1)))
                .hasMessageContaining("is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.json", "a.jsonl"})
    void refusesNulCharacters(String name) {
        assertThatThrownBy(() -> Texts.rows(name, "{\"a\":\"b\0\"}"))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("binary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void namesUtf16WithoutAMark(String charset) {
        for (String text : List.of(CSV, "name;phoneNumber\r\nJörg;1", "{\"a\":1}", "[{\"a\":1}]", "名;a\n李;1\n")) {
            byte[] content = text.getBytes(Charset.forName(charset));
            for (String name : List.of("a.csv", "a.json", "a.jsonl")) {
                assertThatThrownBy(() -> Texts.rows(name, content))
                        .isInstanceOf(UnreadableSourceException.class)
                        .hasMessage("is UTF-16 without a byte order mark: save it as UTF-8");
            }
            assertThatThrownBy(() -> Texts.rows("a.csv.gz", Texts.gzip(content)))
                    .hasMessageContaining("is UTF-16");
            assertThatThrownBy(() -> RowReader.open(content, ReadOptions.utf8(folder)))
                    .hasMessageContaining("is UTF-16");
        }
    }

    @Test
    void readsUtf16WithoutAMarkWhereItIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), CSV, StandardCharsets.UTF_16LE);

        try (RowReader reader = RowReader.open(file, "a.csv", Texts.options(StandardCharsets.UTF_16LE))) {
            assertThat(reader.next().values()).containsEntry("name", "Zoë");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.csv.gz"})
    void theEndMarkOfDosIsNoRow(String name) {
        for (int marks : new int[] {1, 2, 100_000}) {
            byte[] content = (CSV + "\u001A".repeat(marks)).getBytes(StandardCharsets.UTF_8);
            assertThat(Texts.rows(name, name.endsWith(".gz") ? Texts.gzip(content) : content))
                    .hasSize(1);
        }
        String inside = "\u001A".repeat(70_000);
        List<Row> rows = Texts.rows(
                "a.csv", "a\n1\u001A2\n" + "3\n".repeat(40_000) + inside.substring(1_000, 2_000) + "4\n" + "\u001A");
        assertThat(rows.get(0).cells()).containsExactly("1\u001A2");
        assertThat(rows.get(40_001).cells()).containsExactly(inside.substring(1_000, 2_000) + "4");
        assertThat(rows).hasSize(40_002);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.json", "a.jsonl"})
    void theEndMarkOfDosIsNoElement(String name) {
        assertThat(Texts.rows(name, "{\"a\":1}\r\n\u001A")).hasSize(1);
    }

    @Test
    void readsGzipOfSeveralMembers() {
        byte[] first = Texts.gzip(CSV.getBytes(StandardCharsets.UTF_8));
        byte[] second = Texts.gzip("+14155550101,Ann\n".getBytes(StandardCharsets.UTF_8));

        assertThat(Texts.rows("a.csv.gz", concat(first, second))).hasSize(2);
    }

    @Test
    void aGzipFileCutOffAnywhereIsNeverReadAsWhole() {
        byte[] first = Texts.gzip(CSV.getBytes(StandardCharsets.UTF_8));
        byte[] second = Texts.gzip("+14155550101,Ann\n".getBytes(StandardCharsets.UTF_8));
        byte[] both = concat(first, second);

        for (int length = 1; length < both.length; length++) {
            byte[] cut = Arrays.copyOf(both, length);
            if (length != first.length) { // cut there it is a whole file of one member
                assertThatThrownBy(() -> Texts.rows("a.csv.gz", cut))
                        .as("cut to %d bytes", length)
                        .isInstanceOf(UnreadableSourceException.class);
            }
        }
    }

    @Test
    void refusesWhatFollowsGzipData() {
        byte[] packed = Texts.gzip(CSV.getBytes(StandardCharsets.UTF_8));

        for (int garbage : new int[] {1, 9, 30, 100_000}) {
            assertThatThrownBy(() -> Texts.rows("a.csv.gz", Arrays.copyOf(packed, packed.length + garbage)))
                    .isInstanceOf(UnreadableSourceException.class);
        }
    }

    @Test
    void refusesAGzipBombBeforeItIsExpanded() throws IOException {
        Path bomb = folder.resolve("bomb");
        byte[] lines = "\n".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            out.write("phoneNumber\n".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 30; i++) {
                out.write(lines);
            }
        }

        assertThatThrownBy(() -> Texts.rows("a.csv.gz", bomb))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("expands too far");
    }

    @Test
    void aFileThatIsNotThereIsTheDisksFault() {
        assertThatThrownBy(() -> Texts.rows("a.csv", folder.resolve("none"))).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void saysTheFailureAgainInsteadOfAnEnd() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "[{\"a\":1},");

        try (RowReader reader = RowReader.open(file, "a.json", Texts.options(StandardCharsets.UTF_8))) {
            assertThat(reader.next().values()).containsEntry("a", 1);
            assertThatThrownBy(reader::hasNext).isInstanceOf(UnreadableSourceException.class);
            assertThatThrownBy(reader::hasNext).isInstanceOf(UnreadableSourceException.class);
            assertThat(reader.tabular()).isFalse();
            assertThat(reader.columns()).isEqualTo(List.of());
        }
    }

    @Test
    void rowsThatWereLookedAtAreStillToBeRead() {
        try (RowReader reader = RowReader.open(
                "[{\"a\":1},{\"a\":2},\n{\"a\":3}, broken]".getBytes(StandardCharsets.UTF_8),
                Texts.options(StandardCharsets.UTF_8))) {
            assertThat(reader.peek(2)).extracting(Row::number).containsExactly(1L, 2L);
            assertThat(reader.peek(9)).as("up to where it is broken").hasSize(3);
            assertThat(reader.peek(1)).hasSize(1);
            assertThat(reader.next(3)).extracting(Row::number).containsExactly(1L, 2L, 3L);
            assertThatThrownBy(reader::next).isInstanceOf(UnreadableSourceException.class);
            assertThat(reader.peek(1)).isEmpty();
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
