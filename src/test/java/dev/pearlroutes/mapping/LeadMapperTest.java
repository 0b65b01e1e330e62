package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.model.Lead;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.Texts;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeadMapperTest {
    private static final PhoneNumbers NUMBERS = new PhoneNumbers();
    private static final TimeZones ZONES = new TimeZones(List.of());

    @TempDir
    Path folder;

    private final LeadMapper byName = new LeadMapper("demo", Mapping.byName(), NUMBERS, ZONES, null);

    @Test
    void mapsARowOfCsv() {
        Lead lead = csv(
                        byName,
                        "Phone Number,external_id,timeZoneId,firstName,empty,_line,_leadId\n"
                                + " +1 415 555 0100 ,\u00A0crm-1 ,US/Pacific, Zoë ,  ,7,x")
                .lead();

        assertThat(lead.phoneNumber()).isEqualTo("+14155550100");
        assertThat(lead.externalId()).isEqualTo("crm-1");
        assertThat(lead.timeZoneId()).isEqualTo("Pacific Standard Time");
        assertThat(lead.callData()).isEqualTo(Map.of("firstName", "Zoë"));
        assertThat(lead.toString()).doesNotContain("crm", "415");
    }

    @Test
    void mapsAnObjectAndKeepsTheTypesOfItsScalars() {
        Lead lead =
                json("{\"phoneNumber\":\"+14155550100\",\"externalId\":42,\"timeZoneId\":null,\"vip\":true,\"age\":7,"
                                + "\"score\":1.5,\"callData\":{\"n\":\"x\",\"big\":123456789012,\"none\":null}}")
                        .lead();

        assertThat(lead.externalId()).isEqualTo("42");
        assertThat(lead.timeZoneId()).isNull();
        assertThat(lead.callData())
                .isEqualTo(Map.of("vip", true, "age", 7L, "score", 1.5, "n", "x", "big", 123456789012L));
    }

    @Test
    void aNumberWithoutACountryCodeIsRejectedWithTheSettingThatHelps() {
        assertThat(csv(byName, "phoneNumber\n4155550100\n").reason())
                .isEqualTo("phoneNumber has no country code: write it with + or set outbound.demo.default-region");
    }

    @Test
    void takesAPhoneNumberGivenAsANumber() {
        LeadMapper us = new LeadMapper("demo", Mapping.byName(), NUMBERS, ZONES, "us");

        for (String number : List.of("14155550100", "14155550100.0", "4155550100")) {
            Row row = Texts.rows("a.json", "[{\"phoneNumber\":" + number + "}]").get(0);
            assertThat(us.map(row).lead().phoneNumber()).isEqualTo("+14155550100");
        }
        Row destroyed = Texts.rows("a.json", "[{\"phoneNumber\":1.41555E+10}]").get(0);
        assertThat(us.map(destroyed).reason()).contains("scientific notation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|phoneNumber is missing",
                "{\"phoneNumber\":\" \"}|phoneNumber is missing",
                "{\"phoneNumber\":true}|phoneNumber has letters",
                "{\"phoneNumber\":[1]}|phoneNumber must be a single value",
                "{\"phoneNumber\":\"+14155550100\",\"phone_number\":\"+14155550101\"}|(column 'phone_number') is given twice",
                "{\"phoneNumber\":\"+14155550100\",\"address\":{\"secret\":1}}|callData.address must be a single value",
                "{\"phoneNumber\":\"+14155550100\",\"callData\":{\"a\":[]}}|callData.'a' must be a single value",
                "{\"phoneNumber\":\"+14155550100\",\"callData\":\"secret\"}|callData must be an object",
                "{\"phoneNumber\":\"+14155550100\",\"a\":1,\"callData\":{\"a\":2}}|callData.'a' is given twice",
                "{\"phoneNumber\":\"+14155550100\",\"a\":123456789012345678901}|callData.a must be a number of at most 18 digits",
                "{\"phoneNumber\":\"+14155550100\",\"a\":1e999999999}|callData.a must be a number",
                "{\"phoneNumber\":\"+14155550100\",\"timeZoneId\":\"EST\"}|timeZoneId is not a time zone name",
                "{\"phoneNumber\":\"+14155550100\",\"externalId\":\"a\\nb\"}|externalId has a line break",
                "{\"phoneNumber\":\"+14155550100\",\"externalId\":\"1.23E+12\"}|externalId was destroyed by a spreadsheet",
                "{\"phoneNumber\":\"+14155550100\",\"\":\"secret\"}|value without a name"
            })
    void refusesWithTheFieldAndWithoutTheContent(String json, String reason) {
        MappingResult mapped = json(json);

        assertThat(mapped.lead()).isNull();
        assertThat(mapped.reason()).contains(reason).doesNotContain("secret", "4155550");
    }

    @Test
    void aRowIsRejectedForAllThatIsWrongInTheOrderOfItsColumns() throws IOException {
        Path file = Files.writeString(folder.resolve("all"), "age = callData.age:int\nvip = callData.vip:boolean");
        LeadMapper strict = new LeadMapper("demo", Mapping.load(file), NUMBERS, ZONES, null, Set.of("age", "city"));

        MappingResult mapped =
                csv(strict, "age,timeZoneId,externalId,phoneNumber,vip\nsecret,EST,crm-1,4155550100,true");

        assertThat(mapped.lead()).isNull();
        assertThat(mapped.externalId()).isEqualTo("crm-1");
        assertThat(mapped.missing()).as("age is there, though it is none").containsExactly("city");
        assertThat(mapped.reason())
                .isEqualTo("callData.age must be a whole number of at most 18 digits, without separators; timeZoneId "
                        + TimeZones.REASON
                        + "; phoneNumber has no country code: write it with + or set outbound.demo.default-region"
                        + "; callData.city is missing (outbound.demo.required-variables)");
        assertThat(csv(strict, "externalId,age,city\n1.2E+9,7,Bern").reason())
                .startsWith("externalId was destroyed by a spreadsheet")
                .endsWith("; phoneNumber is missing");
    }

    @Test
    void aLongRowOfJsonHasAReasonThatCanBeRead() {
        StringBuilder members = new StringBuilder("\"externalId\":\"crm-1\"");
        for (int i = 0; i < 900; i++) {
            members.append(",\"").append(i).append("x".repeat(500)).append("\":[]");
        }
        MappingResult mapped = json("{" + members + "}");

        assertThat(mapped.externalId()).isEqualTo("crm-1");
        assertThat(mapped.reason()).hasSizeLessThan(2_000).contains("xxx…')").contains("; and ");
    }

    @Test
    void aRejectedRowKeepsTheKeyByWhichItsOwnerKnowsIt() {
        assertThat(json("{\"phoneNumber\":\"x\",\"externalId\":\"crm-1\"}").externalId())
                .isEqualTo("crm-1");
        assertThat(json("{\"externalId\":\"crm-1\"}").externalId()).isEqualTo("crm-1");
        assertThat(json("{\"phoneNumber\":\"x\",\"externalId\":\"1.2E+9\"}").externalId())
                .isNull();
        assertThat(json("{\"externalId\":\"crm-1\",\"external_id\":\"crm-2\"}").externalId())
                .as("nobody can say which")
                .isNull();
    }

    @Test
    void aRowWithoutATimeZoneGetsTheOneOfItsNumberWhereTheOutboundSaysSo() {
        LeadMapper mapper =
                new LeadMapper("demo", Mapping.byName(), NUMBERS, ZONES, "US").with(new NumberTimeZones(ZONES));

        assertThat(csv(mapper, "phoneNumber\n212 555 0123").lead().timeZoneId()).isEqualTo("Eastern Standard Time");
        assertThat(csv(mapper, "phoneNumber,timeZoneId\n212 555 0123,\n").zoneName())
                .isEqualTo("of the number");
        assertThat(csv(mapper, "phoneNumber,timeZoneId\n212 555 0123,US/Pacific")
                        .lead()
                        .timeZoneId())
                .isEqualTo("Pacific Standard Time");
        assertThat(csv(mapper, "phoneNumber\n800 555 0100").reason())
                .isEqualTo(
                        "timeZoneId is missing, and the number's country has several time zones and its prefix is of no"
                                + " single one (outbound.demo.time-zone-from-number): write timeZoneId");
        assertThat(csv(mapper, "phoneNumber\n12").reason()).isEqualTo("phoneNumber has too few digits");
        assertThat(csv(mapper, "phoneNumber,timeZoneId\n212 555 0123,EST").reason())
                .startsWith("timeZoneId is not a");
        assertThat(csv(byName, "phoneNumber\n+12125550123").lead().timeZoneId()).isNull();
    }

    @Test
    void capsTheExternalId() {
        assertThat(json("{\"phoneNumber\":\"+14155550100\",\"externalId\":\"" + "x".repeat(257) + "\"}")
                        .reason())
                .isEqualTo("externalId has more than 256 characters");
        assertThat(json("{\"phoneNumber\":\"+14155550100\",\"externalId\":\"" + "x".repeat(256) + "\"}")
                        .lead())
                .isNotNull();
    }

    @Test
    void aRowWithAProblemIsRejectedWithIt() {
        assertThat(byName.map(new Row(1, 2, List.of(), Map.of(), "is odd")).reason())
                .isEqualTo("is odd");
    }

    @ParameterizedTest
    @CsvSource({
        "int,-17,-17,true",
        "int,007,7,true",
        "int,1.5,,false",
        "int,1 000,,false",
        "int,1234567890123456789,,false",
        "float,1.50,1.5,true",
        "float,7,7.0,true",
        "float,1e3,1000.0,true",
        "float,'1,5',,false",
        "float,NaN,,false",
        "float,1f,,false",
        "boolean,TRUE,true,true",
        "boolean,yes,,false",
        "string,007,007,true"
    })
    void readsTypesStrictly(String type, String cell, String expected, boolean good) throws IOException {
        MappingResult mapped = csv(mapper("a = callData.x:" + type), "phoneNumber;a\n+14155550100;" + cell);

        if (good) {
            assertThat(mapped.lead().callData().get("x")).hasToString(expected);
        } else {
            assertThat(mapped.reason())
                    .startsWith("callData (column 'a') must be")
                    .doesNotContain(cell);
        }
    }

    @Test
    void typesAlsoHoldForJson() throws IOException {
        LeadMapper mapper = mapper("a = callData.a:string\nb = callData.b:int");
        Row row = Texts.rows("a.jsonl", "{\"phoneNumber\":\"+14155550100\",\"a\":12.50,\"b\":\"3\"}")
                .get(0);

        assertThat(mapper.map(row).lead().callData()).isEqualTo(Map.of("a", "12.50", "b", 3L));
    }

    @Test
    void checksThatThereIsAPhoneNumber() {
        assertThatCode(() -> byName.checkColumns(List.of("a", "", "", "Phone-Number"), List::of))
                .doesNotThrowAnyException();
        List<Row> rows = Texts.rows("a.csv", "id,Mobile\n1,+14155550100\n");
        assertThatThrownBy(() -> byName.checkColumns(List.of("id", "Mobile"), () -> rows))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("has no column phoneNumber; its columns are 'id', 'Mobile': add a line such as"
                        + " `Mobile = phoneNumber` to the file of outbound.demo.mapping");
        assertThatThrownBy(() -> byName.checkColumns(List.of("id", "Mobile"), List::of))
                .hasMessage(
                        "has no column phoneNumber; its columns are 'id', 'Mobile'. None of them holds phone numbers in"
                                + " its first rows: if one does, add a line `<column> = phoneNumber` to the file of"
                                + " outbound.demo.mapping");
    }

    @Test
    void doesNotShowALeadForAHeader() {
        assertThatThrownBy(() -> byName.checkColumns(List.of("+14155550100", "Zoë"), List::of))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("looks like a lead")
                .hasMessageNotContaining("415")
                .hasMessageNotContaining("Zoë");
    }

    @Test
    void refusesTwoColumnsOfOneField() throws IOException {
        LeadMapper mapper = mapper("Mobile = phoneNumber");

        assertThatThrownBy(() -> mapper.checkColumns(List.of("Mobile", "phoneNumber"), List::of))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("'Mobile' and 'phoneNumber' are both phoneNumber")
                .hasMessageContaining("`phoneNumber =`");
        assertThatCode(() -> mapper("Mobile = phoneNumber\nphoneNumber =")
                        .checkColumns(List.of("Mobile", "phoneNumber"), List::of))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAFileWithoutAColumnThatTheMappingNames() throws IOException {
        LeadMapper mapper = mapper("ref = externalId\nnote = callData.note");

        assertThatCode(() -> mapper.checkColumns(List.of("phoneNumber", "REF"), List::of))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> mapper.checkColumns(List.of("phoneNumber", "reference"), List::of))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("no column 'ref'");
    }

    @Test
    void refusesARegionThatDoesNotExist() {
        assertThatThrownBy(() -> new LeadMapper("demo", Mapping.byName(), NUMBERS, ZONES, "USA"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("outbound.demo.default-region");
    }

    private LeadMapper mapper(String lines) throws IOException {
        Path file = Files.writeString(folder.resolve("m"), lines);
        return new LeadMapper("demo", Mapping.load(file), NUMBERS, ZONES, null);
    }

    private static MappingResult csv(LeadMapper mapper, String text) {
        return mapper.map(Texts.rows("a.csv", text).get(0));
    }

    private MappingResult json(String object) {
        return byName.map(Texts.rows("a.jsonl", object).get(0));
    }
}
