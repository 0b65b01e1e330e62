package dev.pearlroutes.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultSheetTest {
    private static final Map<String, Object> ACCEPTED = Map.of("leadId", "L-1");

    @TempDir
    private Path folder;

    private final AtomicFiles atomicFiles = new AtomicFiles(PosixFilePermissions.fromString("rw-------"));

    private String written(String name, String text, Map<String, Object> extra) throws IOException {
        return written(name, text, extra, false);
    }

    private String written(String name, String text, Map<String, Object> extra, boolean copy) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Path target = folder.resolve(name + ".result");
        try (RowReader reader = RowReader.open(file, name, Texts.options(StandardCharsets.UTF_8));
                AtomicFiles.Draft draft = atomicFiles.draft(target)) {
            ResultSheet sheet = copy ? ResultSheet.copy(draft, reader) : new ResultSheet(draft, reader);
            while (reader.hasNext()) {
                sheet.write(reader.next(), extra);
            }
            sheet.finish();
        }
        return Files.readString(target);
    }

    private static Map<String, Object> rejected(int line, String reason) {
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("_line", line);
        extra.put("_reason", reason);
        return extra;
    }

    @Test
    void aRejectedFileThatWasCorrectedLosesItsFormerLinesAndReasons() throws IOException {
        String corrected = "_line;name;_reason\n7;Ann;old\n";

        assertThat(written("a.csv", corrected, ACCEPTED)).isEqualTo("name;leadId\nAnn;L-1\n");
        assertThat(written("a.csv", corrected, rejected(2, "new"))).isEqualTo("name;_line;_reason\nAnn;2;new\n");
        assertThat(written("a.jsonl", "{\"a\":1,\"_line\":7,\"_reason\":\"old\",\"_raw\":\"17\"}", ACCEPTED))
                .isEqualTo("{\"a\":1,\"leadId\":\"L-1\"}\n");
        assertThat(written("a.jsonl", "{\"a\":1,\"_line\":7,\"_reason\":\"old\"}", rejected(1, "new")))
                .isEqualTo("{\"a\":1,\"_line\":1,\"_reason\":\"new\"}\n");
    }

    @Test
    void aRowWithTooManyCellsKeepsThemWhenItIsRejectedAgain() throws IOException {
        String first = written("a.csv", "a,b\n1,2,3\n", rejected(2, "why"));

        assertThat(first).isEqualTo("a,b,_line,_reason\n1,2,3,2,why\n");
        assertThat(written("b.csv", first, rejected(2, "again"))).isEqualTo("a,b,_line,_reason\n1,2,3,2,again\n");
    }

    @Test
    void aSeparatorLineIsWrittenAndReadAgain() throws IOException {
        String result = written("a.csv", "sep=;\r\na;b\r\n1,5;=\"007\"\r\n", rejected(3, "why"));

        assertThat(result).isEqualTo("sep=;\na;b;_line;_reason\n1,5;\"=\"\"007\"\"\";3;why\n");
        assertThat(Texts.rows("b.csv", result).get(0).values())
                .containsEntry("a", "1,5")
                .containsEntry("b", "007");
    }

    @Test
    void whatCannotBeUsedOfJsonIsKept() throws IOException {
        assertThat(written("a.json", "[17,{\"a\":1,\"a\":2}]", rejected(1, "why")))
                .isEqualTo("{\"_raw\":\"17\",\"_line\":1,\"_reason\":\"why\"}\n"
                        + "{\"_raw\":\"{\\\"a\\\":1,\\\"a\\\":2}\",\"_line\":1,\"_reason\":\"why\"}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sep=;\n_line;b\n7;x\n\"\";\"\"\n\" \";\n", "a\n\"\"\n \nx\n", "a,b,c\n1,2\n3,4,5\n6,7,8,9\n"})
    void aCopyHasTheSameRows(String text) throws IOException {
        List<Row> rows = Texts.rows("a.csv", text);
        List<Row> copied = Texts.rows("b.csv", written("a.csv", text, Map.of(), true));

        assertThat(copied)
                .hasSizeGreaterThan(1)
                .extracting(Row::cells)
                .isEqualTo(rows.stream().map(Row::cells).toList());
        assertThat(copied)
                .extracting(Row::problem)
                .isEqualTo(rows.stream().map(Row::problem).toList());
    }
}
