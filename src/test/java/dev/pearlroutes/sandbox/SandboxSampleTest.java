package dev.pearlroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.Mapping;
import dev.pearlroutes.mapping.MappingResult;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.mapping.TimeZones;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The demo's file: messy as real ones, with reserved numbers only. */
class SandboxSampleTest {
    /** Ranges that the countries' regulators keep for fiction; the Berlin one is of the German Bundesnetzagentur. */
    private static final String FICTIONAL =
            "\\+1\\d{3}55501\\d{2}|\\+442079460\\d{3}|\\+61491570\\d{3}|\\+493023125\\d{3}|\\+3319900\\d{4}";

    private static String text() throws IOException {
        try (InputStream in = Sandbox.class.getResourceAsStream("sample-leads.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<MappingResult> leads(List<Row> rows) {
        LeadMapper mapper =
                new LeadMapper("demo", Mapping.byName(), new PhoneNumbers(), new TimeZones(List.of()), "US");
        return rows.stream().map(mapper::map).toList();
    }

    @Test
    void mostLeadsAreValid() throws IOException {
        String text = text();
        assertThat(text)
                .startsWith("\uFEFFexternalId;Phone Number;")
                .contains("\r\n", "\"\"", "山", "🎉", "ü", "\u00a0");
        List<Row> rows = Texts.rows("sample-leads.csv", text);
        assertThat(rows).hasSize(240).allMatch(row -> row.cells().size() == 7 && row.problem() == null);

        Set<String> keys = new HashSet<>();
        int duplicates = 0;
        int refused = 0;
        for (MappingResult mapped : leads(rows)) {
            if (mapped.lead() == null) {
                refused++;
                continue;
            }
            assertThat(mapped.phoneNumber()).matches(FICTIONAL);
            String key = mapped.externalId() == null ? mapped.phoneNumber() : mapped.externalId();
            duplicates += keys.add(key) ? 0 : 1;
        }
        assertThat(keys).hasSize(215);
        assertThat(duplicates).isEqualTo(11);
        assertThat(refused).isEqualTo(14);
    }

    /** What programs and spreadsheets make of numbers and ids. */
    @Test
    void cellsOfAllKindsAreReadRightOrRefused() throws IOException {
        List<Row> rows = Texts.rows("sample-leads.csv", text());
        Map<String, MappingResult> byId = new HashMap<>();
        Map<String, MappingResult> byNumber = new HashMap<>();
        for (MappingResult mapped : leads(rows)) {
            byId.put(mapped.externalId(), mapped);
            byNumber.put(mapped.phoneNumber(), mapped);
        }

        assertThat(rows).extracting(row -> row.cells().get(0)).contains("NULL", "#N/A", "nan", "crm-1152\u200B");
        assertThat(byId).doesNotContainKeys("NULL", "#N/A", "nan", "crm-1152\u200B");
        assertThat(byNumber.get("+13125550191").lead()).isNotNull();
        assertThat(byNumber.get("+13125550191").externalId()).isNull();
        assertThat(byId.get("crm-1023").phoneNumber()).isEqualTo("+13125550166");
        assertThat(byId.get("001089").phoneNumber()).isEqualTo("+14035550141");
        assertThat(byId.get("crm-1219").reason()).contains("holds two numbers");
        assertThat(byId.get("crm-1221").reason()).contains("is a date or a time");
    }
}
