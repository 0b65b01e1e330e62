package dev.pearlroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.ibm.icu.util.TimeZone;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
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

    /** E.164, or null for what libphonenumber refuses. */
    private static String number(String cell) {
        try {
            PhoneNumberUtil util = PhoneNumberUtil.getInstance();
            PhoneNumber number = util.parse(cell, "US");
            return util.isValidNumber(number) ? util.format(number, PhoneNumberFormat.E164) : null;
        } catch (NumberParseException e) {
            return null;
        }
    }

    private static boolean isZone(String cell) {
        return cell.isEmpty() || TimeZoneNames.contains(cell) || TimeZone.getWindowsID(cell) != null;
    }

    @Test
    void mostLeadsAreValid() throws IOException {
        String text = text();
        assertThat(text)
                .startsWith("\uFEFFexternalId;Phone Number;")
                .contains("\r\n", "\"\"", "山", "🎉", "ü", "\u00a0");
        List<NamedCsvRecord> rows;
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().fieldSeparator(';').ofNamedCsvRecord(text.substring(1))) {
            rows = reader.stream().toList();
        }
        assertThat(rows).hasSize(240).allMatch(row -> row.getFieldCount() == 7);

        Set<String> keys = new HashSet<>();
        int duplicates = 0;
        int refused = 0;
        for (NamedCsvRecord row : rows) {
            String number = number(row.getField("Phone Number"));
            if (number == null || !isZone(row.getField("timeZoneId"))) {
                refused++;
                continue;
            }
            assertThat(number).matches(FICTIONAL);
            String externalId = row.getField("externalId");
            duplicates += keys.add(externalId.isEmpty() ? number : externalId) ? 0 : 1;
        }
        assertThat(keys).hasSize(215);
        assertThat(duplicates).isEqualTo(11);
        assertThat(refused).isEqualTo(14);
    }
}
