package dev.pearlroutes.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.pearlroutes.mapping.PhoneNumbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs read in the files of the file sink after somebody was erased. */
class EventFilesTest {
    private final Person person = new Person("+12125550107", Set.of("crm-7"), null, new PhoneNumbers());

    @TempDir
    Path results;

    private Path csv;
    private Path json;

    @BeforeEach
    void write() throws IOException {
        csv = Files.writeString(results.resolve("leads-2026-11-21.csv"), """
                id,type,externalId,phoneNumber,reason
                1,lead.accepted,crm-6,+12125550106,
                2,lead.accepted,crm-7,+12125550107,
                3,lead.rejected,,,"said ""no"", as +12125550107 did, twice; Zoë"
                4,lead.accepted,crm-8,+12125550108,"a, b"
                """);
        json = Files.writeString(results.resolve("leads-2026-11-20.jsonl"), """
                {"data":{"externalId":"crm-6","phoneNumber":"+12125550106"}}
                {"data":{"externalId":"crm-7","phoneNumber":"+12125550107"}}
                """);
    }

    @Test
    void anErasedRowKeepsItsColumnsAndTheFileItsLength() throws IOException {
        long length = Files.size(csv);

        assertThat(EventFiles.mask(results, person)).isEqualTo(3);

        assertThat(Files.size(csv)).isEqualTo(length);
        List<CsvRecord> rows;
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .extraFieldStrategy(FieldMismatchStrategy.STRICT)
                .missingFieldStrategy(FieldMismatchStrategy.STRICT)
                .ofCsvRecord(csv)) {
            rows = reader.stream().toList();
        }
        assertThat(rows).hasSize(5);
        assertThat(rows.get(1).getFields()).containsExactly("1", "lead.accepted", "crm-6", "+12125550106", "");
        for (int erased = 2; erased <= 3; erased++) {
            assertThat(rows.get(erased).getFields())
                    .extracting(String::strip)
                    .containsExactly("erased", "", "", "", "");
        }
        assertThat(rows.get(4).getField(4)).isEqualTo("a, b");
    }

    @Test
    void anErasedLineOfJsonIsStillJson() throws IOException {
        EventFiles.mask(results, person);

        assertThat(Files.readAllLines(json)).hasSize(2).first().asString().contains("crm-6");
        assertThat(Files.readAllLines(json).get(1).strip()).isEqualTo("{\"erased\":true}");
    }

    @Test
    void whoIsNotThereChangesNothing() throws IOException {
        byte[] before = Files.readAllBytes(csv);

        assertThat(EventFiles.mask(results, new Person("+12125550199", Set.of(), null, new PhoneNumbers())))
                .isZero();
        assertThat(Files.readAllBytes(csv)).isEqualTo(before);
    }
}
