package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.Source.Operation;
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

/** Fields made of templates and constants, in leads, updates and look-ups. */
class ComposedFieldsTest {
    private static final PhoneNumbers NUMBERS = new PhoneNumbers();
    private static final TimeZones ZONES = new TimeZones(List.of());

    @TempDir
    Path folder;

    private LeadMapper mapper(String... lines) throws IOException {
        Path file = Files.writeString(folder.resolve("my.mapping"), String.join("\n", lines));
        return new LeadMapper("demo", Mapping.load(file), NUMBERS, ZONES, "US", Set.of());
    }

    private static Row csv(String header, String cells) {
        return Texts.rows("a.csv", header + "\n" + cells + "\n").get(0);
    }

    private static Row json(String object) {
        return Texts.rows("a.jsonl", object).get(0);
    }

    /** @param name what the template makes; empty for nothing */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{First} {Middle} {Last}~Ada,B.,Lovelace~Ada B. Lovelace",
                "{First} {Middle} {Last}~Ada,,Lovelace~Ada Lovelace",
                "{First} {Middle} {Last}~,, Lovelace ~Lovelace",
                "{First} {Middle} {Last}~Ada,,~Ada",
                "{First} {Middle} {Last}~,  ,~",
                "Dr. {Last}~,,Lovelace~Dr. Lovelace",
                "Dr. {Last}~Ada,,~",
                "{first}{LAST}~Ada  B,x,Lovelace~Ada  BLovelace",
                "{First|there}~,,~there",
                "{First|there}~Ada,,~Ada",
                "{First|there} {Last}~,,~there",
                "{First|there} {Last}~,,Lovelace~there Lovelace",
                "{{{First}}} & {Last}~Ada,,Lovelace~{Ada} & Lovelace",
                "\"{Last}, {First} =\"~Ada,,Lovelace~Lovelace, Ada =",
                "\"Autumn\"~Ada,,~Autumn",
                "\"{{x}}\"~Ada,,~{x}"
            })
    void makesAVariableOfColumns(String template, String cells, String name) throws IOException {
        LeadMapper mapper = mapper("callData.name = " + template);

        Map<String, Object> callData = mapper.map(csv("phoneNumber,First,Middle,Last", "2125550101," + cells))
                .lead()
                .callData();

        assertThat(callData.get("name")).isEqualTo(name);
    }

    @Test
    void aTemplateOfOneColumnKeepsTheTypeOfJson() throws IOException {
        LeadMapper mapper =
                mapper("callData.age = {Age|0}", "callData.sum:float-comma = {Sum}", "callData.t = <{Age}>");

        assertThat(mapper.map(json("{\"phoneNumber\":\"2125550101\",\"Age\":7,\"Sum\":\"1.234,5\"}"))
                        .lead()
                        .callData())
                .isEqualTo(Map.of("age", 7L, "sum", 1234.5, "t", "<7>"));
        assertThat(mapper.map(json("{\"phoneNumber\":\"2125550101\",\"Age\":[7]}"))
                        .reason())
                .isEqualTo("callData.age must be made of single values, not of an object or a list"
                        + "; callData.t must be made of single values, not of an object or a list");
        assertThat(mapper.map(json("{\"phoneNumber\":\"2125550101\",\"Sum\":\"1.5\"}"))
                        .reason())
                .startsWith("callData.sum must be a number with a decimal comma");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,5|1.5",
                "-1.234,50|-1234.5",
                "1.234|1234.0",
                "12.345.678|1.2345678E7",
                "1 234,5|1234.5",
                "1\u202F234,5|1234.5",
                "7|7.0",
                "1.5|",
                "1,234.5|",
                "1.23,5|",
                "1234.567,8|",
                "1.234 567,8|",
                "1,2,3|",
                ",5|",
                "1,5 EUR|"
            })
    void readsDecimalCommas(String cell, Double value) throws IOException {
        MappingResult mapped = mapper("a = callData.x:float-comma").map(csv("phoneNumber;a", "2125550101;" + cell));

        if (value == null) {
            assertThat(mapped.reason())
                    .isEqualTo("callData (column 'a') must be a number with a decimal comma, such as 1234,5 or 1.234,5"
                            + " (:float reads 1234.5)");
        } else {
            assertThat(mapped.lead().callData()).isEqualTo(Map.of("x", value));
        }
    }

    @Test
    void oneColumnIsSeveralFields() throws IOException {
        LeadMapper mapper =
                mapper("Name = callData.first", "Name = callData.nick", "Tel = phoneNumber", "Tel = externalId");

        assertThat(mapper.map(csv("Tel,Name", "2125550101,Ada")).lead())
                .satisfies(lead -> assertThat(lead.callData()).isEqualTo(Map.of("first", "Ada", "nick", "Ada")))
                .satisfies(lead -> assertThat(lead.externalId()).isEqualTo("2125550101"))
                .satisfies(lead -> assertThat(lead.phoneNumber()).isEqualTo("+12125550101"));
        mapper.checkColumns(List.of("Tel", "Name"), List::of);
        assertThatThrownBy(() -> mapper.checkColumns(List.of("Tel", "Name", "phoneNumber"), List::of))
                .hasMessageContaining("'Tel' and 'phoneNumber' are both phoneNumber");
    }

    @Test
    void anIdOrANumberWithoutAPartIsRefusedAndOneWithoutAnyIsNone() throws IOException {
        LeadMapper mapper = mapper(
                "externalId = {Source}-{Id}",
                "phoneNumber = {Prefix|+49}{Number}",
                "timeZoneId = {Zone|Europe/Berlin}");
        String header = "Source,Id,Prefix,Number,Zone";

        assertThat(mapper.map(csv(header, "web,7,,30 12345678,")).lead())
                .satisfies(lead -> assertThat(lead.externalId()).isEqualTo("web-7"))
                .satisfies(lead -> assertThat(lead.formerId()).isNull())
                .satisfies(lead -> assertThat(lead.phoneNumber()).isEqualTo("+493012345678"))
                .satisfies(lead -> assertThat(lead.timeZoneId()).isEqualTo("W. Europe Standard Time"))
                .satisfies(lead -> assertThat(lead.callData()).isEmpty());
        assertThat(mapper.map(csv(header, "web,,+1,2125550101,Nowhere")).reason())
                .isEqualTo("externalId lacks a part: column 'Id' is empty; timeZoneId " + TimeZones.REASON);
        assertThat(mapper.map(csv(header, "NULL,7,+1,,")).reason())
                .as("a word for nothing is none, and no part of an id")
                .isEqualTo("externalId lacks a part: column 'Source' is empty"
                        + "; phoneNumber lacks a part: column 'Number' is empty");
        MappingResult nothing = mapper.map(csv(header + ",city", ",,,,,Bern"));
        assertThat(nothing.reason()).isEqualTo("phoneNumber is missing");
        assertThat(nothing.externalId()).isNull();
        assertThat(mapper.map(csv(header, ",,,3012345678,")).lead().externalId())
                .as("derived, as without a column for it")
                .isNull();
    }

    @Test
    void aRejectedRowKeepsItsIdAndItsNumber() throws IOException {
        MappingResult mapped = mapper("externalId = {Source}-{Id}", "Age = callData.age:int")
                .map(csv("phoneNumber,Source,Id,Age", "2125550101,web,7,x"));

        assertThat(mapped.lead()).isNull();
        assertThat(mapped.externalId()).isEqualTo("web-7");
        assertThat(mapped.phoneNumber()).isEqualTo("+12125550101");
    }

    @Test
    void whatATemplateNamesMustBeInTheHeader() throws IOException {
        LeadMapper mapper = mapper("# ours", "callData.name = {First} {Last|x}", "callData.campaign = \"Autumn\"");

        assertThatNoException()
                .isThrownBy(() -> mapper.checkColumns(List.of("phoneNumber", "LAST", "first"), List::of));
        assertThatThrownBy(() -> mapper.checkColumns(List.of("phoneNumber", "First"), List::of))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("has no column 'Last', which line 2 of the file of outbound.demo.mapping names;"
                        + " its columns are 'phoneNumber', 'First'");
        assertThatThrownBy(() -> mapper.checkColumns(List.of("phoneNumber", "First", "Last", "campaign"), List::of))
                .hasMessage("column 'campaign' is callData.campaign, and so is line 3 of the file of"
                        + " outbound.demo.mapping: drop the column by a line `campaign =`, or rename it");
        assertThatThrownBy(() -> mapper.checkColumns(List.of("phoneNumber", "First", "first", "Last"), List::of))
                .hasMessage("columns 'First' and 'first' are the same in the templates of the file of"
                        + " outbound.demo.mapping: rename one");
    }

    @Test
    void ofJsonAMissingMemberIsEmptyAndTwoOfOneNameAreRefused() throws IOException {
        LeadMapper mapper = mapper("callData.name = {First} {Last}", "callData.campaign = \"Autumn\"");

        assertThat(mapper.map(json("{\"phoneNumber\":\"2125550101\",\"Last\":null,\"First\":\"Ada\"}"))
                        .lead()
                        .callData())
                .isEqualTo(Map.of("name", "Ada", "campaign", "Autumn"));
        assertThat(mapper.map(json(
                                "{\"phoneNumber\":\"2125550101\",\"First\":\"Ada\",\"first\":\"Bea\",\"campaign\":1}"))
                        .reason())
                .isEqualTo("column 'first' is given twice; callData.campaign is given twice");
    }

    @Test
    void aZoneThatNoLeadCouldHaveStopsTheStart() {
        assertThatThrownBy(() -> mapper("timeZoneId = \"Europe/Berlyn\""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 1 of the file of outbound.demo.mapping: timeZoneId is not a time zone");
        assertThatThrownBy(() -> mapper("timeZoneId = {Zone|EST}")).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void anUpdateChangesOnlyWhatItsRowGivesAsAWhole() throws IOException {
        ChangeMapper changes = new ChangeMapper(mapper(
                "externalId = {Source}-{Id}",
                "callData.name = {First|there} {Last}",
                "callData.campaign = \"Autumn\"",
                "timeZoneId = {Zone|Europe/Berlin}"));
        String header = "Source,Id,First,Last,Zone,status";

        ChangeMapper.Change whole = changes.map(Operation.UPDATE, csv(header, "web,7,Ada,Lovelace,US/Pacific,Success"));
        assertThat(whole.row()).isEqualTo(new LeadChange(1, 2, null, "web-7", null, null, null, 100, null));
        assertThat(whole.body())
                .isEqualTo(Map.of(
                        "timeZoneId",
                        "Pacific Standard Time",
                        "callData",
                        Map.of("name", "Ada Lovelace"),
                        "status",
                        100));
        for (String cells : List.of("web,7,,Lovelace,,Success", "web,7,Ada,,,Success", "web,7,,NULL,,Success")) {
            assertThat(changes.map(Operation.UPDATE, csv(header, cells)).body())
                    .as("neither half a name nor a default, a constant")
                    .isEqualTo(Map.of("status", 100));
        }
        assertThat(changes.map(Operation.UPDATE, csv(header, "web,7,,,,")).row().rejection())
                .isEqualTo("gives nothing to change");
        assertThat(changes.map(Operation.UPDATE, csv(header, "web,,Ada,Lovelace,,"))
                        .row()
                        .rejection())
                .isEqualTo("externalId lacks a part: column 'Id' is empty");
        assertThat(changes.map(Operation.LOOKUP, csv("Source,Id", "web,7")).row())
                .isEqualTo(new LeadChange(1, 2, null, "web-7", null, null, null, null, null));
    }

    @Test
    void aColumnOfUpdatesThatWouldBePassedOverIsRefused() throws IOException {
        ChangeMapper changes = new ChangeMapper(mapper(
                "externalId = {Source}-{Id}", "callData.name = {First} {Last}", "callData.state = now {status}"));

        assertThatNoException().isThrownBy(() -> {
            changes.checkColumns(Operation.UPDATE, List.of("Source", "Id", "status", "First", "Last"));
            changes.checkColumns(Operation.UPDATE, List.of("leadId", "status"));
            changes.checkColumns(Operation.LOOKUP, List.of("leadId", "First"));
        });
        assertThatThrownBy(() -> changes.checkColumns(Operation.UPDATE, List.of("leadId", "status", "First")))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("column 'First' is a part of callData.name by line 2 of the file of outbound.demo.mapping,"
                        + " and columns beside it are missing: add them, or remove the column");
        assertThatThrownBy(() -> changes.checkColumns(Operation.LOOKUP, List.of("Source", "name")))
                .hasMessageContaining("has no column leadId, externalId or phoneNumber");
    }
}
