package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.model.FormerId;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.Source.Operation;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, zones, statuses and numbers are what people see in their cells, and words for nothing are nothing. */
class CleanFieldsTest {
    private static final String HEADER = "phoneNumber,externalId,timeZoneId,firstName\n";

    @TempDir
    Path folder;

    private final LeadMapper leads =
            new LeadMapper("demo", Mapping.byName(), new PhoneNumbers(), new TimeZones(List.of()), "US");
    private final ChangeMapper changes = new ChangeMapper(leads);

    private MappingResult csv(String row) {
        return leads.map(Texts.rows("a.csv", HEADER + row + "\n").get(0));
    }

    private static Row row(String header, String cells) {
        return Texts.rows("a.csv", header + "\n" + cells + "\n").get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFFINV-1", "INV\u00AD-1", "INV-\u200B1", "\u00A0INV-1\u200E", "\u200B INV-1"})
    void marksThatNobodySeesAreNoPartOfAnId(String id) {
        MappingResult mapped = csv("+12125550123," + id + ",\u200BUS/Pacific\uFEFF,Zo\u00ADe");

        assertThat(mapped.externalId()).isEqualTo("INV-1");
        assertThat(mapped.zoneName()).isEqualTo("US/Pacific");
        assertThat(mapped.lead().formerId()).isEqualTo(new FormerId(id.strip().replace("\u00A0", ""), false));
        assertThat(mapped.lead().callData())
                .as("a variable stays as it is")
                .isEqualTo(Map.of("firstName", "Zo\u00ADe"));
    }

    @Test
    void anIdThatWasCleanHasNoFormerSpelling() {
        assertThat(csv("+12125550123,\u00A0INV-1 ,,x").lead().formerId()).isNull();
        assertThat(csv("+12125550123,,,x").lead().formerId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"NULL", "null", "Null", "nan", "NaN", "#N/A", "n/a", "None", "nil", "-", "N\u200BULL", "\u200B"})
    void wordsForNothingNameNobody(String word) {
        MappingResult mapped = csv("+12125550123," + word + "," + word + "," + word);

        assertThat(mapped.lead().externalId()).isNull();
        assertThat(mapped.lead().timeZoneId()).isNull();
        assertThat(mapped.lead().formerId()).isEqualTo(new FormerId(word, true));
        assertThat(mapped.lead().callData()).as("a person may be called Null").isEqualTo(Map.of("firstName", word));
        assertThat(csv(word + ",crm-1,,x").reason()).isEqualTo("phoneNumber is missing");
    }

    @Test
    void anIdUnderANameThatWasNotKnownWasTheDerivedOne() {
        Row row = row("phoneNumber,\uFEFFexternalId", "+12125550123,ZM-1");

        assertThat(leads.map(row).lead().externalId()).isEqualTo("ZM-1");
        assertThat(leads.map(row).lead().formerId()).isEqualTo(FormerId.DERIVED);
        assertThat(leads.map(row("phoneNumber,\uFEFFexternalId", "+12125550123,NULL"))
                        .lead()
                        .formerId())
                .as("it is still derived")
                .isNull();
    }

    @Test
    void anIdInAFormulaHadTheFormulaForAnId() {
        Row row = row("phoneNumber,externalId,firstName", "+12125550123,\"=\"\"007\"\"\",x");

        assertThat(leads.map(row).lead().externalId()).isEqualTo("007");
        assertThat(leads.map(row).lead().formerId()).isEqualTo(new FormerId("=\"007\"", false));
        assertThat(leads.map(row("phoneNumber,externalId", "+12125550123,=7"))
                        .lead()
                        .externalId())
                .isEqualTo("=7");
    }

    @Test
    void updatesAndLookUpsNameLeadsByTheSameRule() {
        LeadChange update = changes.map(
                        Operation.UPDATE, row("leadId,externalId,status", "\u200Blead-1 ,INV\u200B-1,\uFEFFsuccess"))
                .row();
        assertThat(update)
                .isEqualTo(new LeadChange(1, 2, "lead-1", "INV-1", null, null, "INV-1", 100, null, "INV\u200B-1"));

        for (String word : List.of("NULL", "nan", "#N/A", "None", "-")) {
            assertThat(changes.map(Operation.UPDATE, row("leadId,externalId,status", word + "," + word + ",Success"))
                            .row()
                            .rejection())
                    .isEqualTo("leadId and externalId are missing: nothing names the lead");
            assertThat(changes.map(Operation.LOOKUP, row("leadId,externalId", word + "," + word))
                            .row()
                            .rejection())
                    .isEqualTo("leadId, externalId and phoneNumber are missing: nothing names the lead");
            assertThat(changes.map(Operation.UPDATE, row("externalId,status,timeZoneId", "crm-1," + word + "," + word))
                            .row()
                            .rejection())
                    .isEqualTo("gives nothing to change");
        }
    }

    @Test
    void ofVariablesAnUpdateLeavesOutTheWordOfDatabasesAlone() {
        assertThat(changes.map(Operation.UPDATE, row("externalId,a,b,c", "crm-1,NULL,Null,nan"))
                        .body())
                .isEqualTo(Map.of("callData", Map.of("b", "Null", "c", "nan")));
    }

    @Test
    void columnsOfAMappingFileAreKnownByWhatPeopleSee() throws IOException {
        Path file = Files.writeString(
                folder.resolve("m.properties"),
                "\uFEFF\u200BMo\u00ADbile\u200B = phoneNumber\nRef\uFEFF = externalId\n\u200B\n");
        LeadMapper mapped =
                new LeadMapper("demo", Mapping.load(file), new PhoneNumbers(), new TimeZones(List.of()), "US");
        Row row = row("mobi\u200Ble,re\u00ADf", "+12125550123,crm-1");

        mapped.checkColumns(List.of("mobile", "ref"), List::of);
        assertThat(mapped.map(row).externalId()).isEqualTo("crm-1");
        assertThat(mapped.map(row).lead().phoneNumber()).isEqualTo("+12125550123");
    }
}
