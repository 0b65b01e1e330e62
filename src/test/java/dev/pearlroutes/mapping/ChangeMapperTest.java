package dev.pearlroutes.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pearlroutes.model.LeadChange;
import dev.pearlroutes.model.Source.Operation;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a row of updates or look-ups asks for: only what it gives. */
class ChangeMapperTest {
    private final ChangeMapper mapper = new ChangeMapper(
            new LeadMapper("demo", Mapping.byName(), new PhoneNumbers(), new TimeZones(List.of()), "US"));

    /** @param cells name, value, name, value … */
    private ChangeMapper.Change csv(Operation operation, String... cells) {
        return mapper.map(operation, row(true, (Object[]) cells));
    }

    private static Row row(boolean csv, Object... cells) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < cells.length; i += 2) {
            values.put((String) cells[i], cells[i + 1]);
            texts.add(String.valueOf(cells[i + 1]));
        }
        return new Row(1, 2, csv ? texts : List.of(), values, null);
    }

    @Test
    void onlyGivenCellsAreChanges() {
        ChangeMapper.Change change = csv(
                Operation.UPDATE,
                "externalId",
                "crm-1",
                "phoneNumber",
                "(212) 555-0123",
                "timeZoneId",
                "",
                "firstName",
                "  ",
                "callData.balance",
                "12",
                "status",
                " needretry ");
        assertThat(change.row()).isEqualTo(new LeadChange(1, 2, null, "crm-1", null, "+12125550123", null, 10, null));
        assertThat(change.body())
                .isEqualTo(Map.of("phoneNumber", "+12125550123", "callData", Map.of("balance", "12"), "status", 10));
        assertThat(change.toString()).doesNotContain("12125550123", "balance");
    }

    @Test
    void numbersAreReadAsStrictlyAsThoseOfLeads() {
        for (Operation operation : List.of(Operation.UPDATE, Operation.LOOKUP)) {
            assertThat(csv(operation, "externalId", "crm-1", "phoneNumber", "212 555 0123 / 212 555 0124")
                            .row()
                            .rejection())
                    .startsWith("phoneNumber holds two numbers");
            assertThat(csv(operation, "externalId", "crm-1", "phoneNumber", "2024-01-02")
                            .row()
                            .rejection())
                    .startsWith("phoneNumber is a date or a time");
        }
        assertThat(csv(Operation.UPDATE, "externalId", "crm-1", "phoneNumber", "12125550123.0")
                        .body())
                .isEqualTo(Map.of("phoneNumber", "+12125550123"));
    }

    @Test
    void besideALeadIdTheExternalIdIsAChange() {
        ChangeMapper.Change change = csv(Operation.UPDATE, "Lead ID", "abc123", "external_id", "crm-2");
        assertThat(change.row()).isEqualTo(new LeadChange(1, 2, "abc123", "crm-2", null, null, "crm-2", null, null));
        assertThat(change.body()).isEqualTo(Map.of("externalId", "crm-2"));
    }

    @ParameterizedTest
    @CsvSource({
        "New,1",
        "1,1",
        "NeedRetry,10",
        "10,10",
        "success,100",
        "100,100",
        "NotSuccessfull,110",
        "NotSuccessful,110",
        "110,110",
        "COMPLETED,130",
        "130,130"
    })
    void aStatusIsAWordOrACode(String status, int code) {
        assertThat(csv(Operation.UPDATE, "leadId", "a", "status", status).body())
                .isEqualTo(Map.of("status", code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OnCall", "40", "220", "130.5", "done"})
    void anyOtherStatusIsRefusedWithTheAllowedOnes(String status) {
        assertThat(csv(Operation.UPDATE, "leadId", "a", "status", status).row().rejection())
                .isEqualTo("status must be one of New (1), NeedRetry (10), Success (100), NotSuccessfull (110),"
                        + " Completed (130)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "NULL"})
    void aCellThatReadsNullIsNoChange(String text) {
        assertThat(csv(Operation.UPDATE, "leadId", "a", "firstName", text, "status", text, "phoneNumber", text)
                        .row()
                        .rejection())
                .isEqualTo("gives nothing to change");
        assertThat(mapper.map(Operation.UPDATE, row(false, "leadId", "a", "firstName", null, "lastName", "null"))
                        .body())
                .as("in JSON the text is a text")
                .isEqualTo(Map.of("callData", Map.of("lastName", "null")));
    }

    @Test
    void aRowThatNamesNoLeadIsRefused() {
        assertThat(csv(Operation.UPDATE, "phoneNumber", "+12125550123", "status", "1")
                        .row()
                        .rejection())
                .isEqualTo("leadId and externalId are missing: nothing names the lead");
        assertThat(csv(Operation.LOOKUP, "name", "x").row().rejection())
                .isEqualTo("leadId, externalId and phoneNumber are missing: nothing names the lead");
        assertThat(csv(Operation.UPDATE, "leadId", "../Calls", "status", "1")
                        .row()
                        .rejection())
                .isEqualTo("leadId is no id: an id has letters, digits, - and _ only");
        assertThat(csv(Operation.UPDATE, "leadId", "a", "phoneNumber", "12")
                        .row()
                        .rejection())
                .startsWith("phoneNumber has too few digits");
    }

    @Test
    void aRowIsRefusedForAllThatIsWrongInTheOrderOfItsColumns() {
        LeadChange update = csv(
                        Operation.UPDATE,
                        "status",
                        "done",
                        "phoneNumber",
                        "12",
                        "externalId",
                        "crm-1",
                        "leadId",
                        "../Calls",
                        "timeZoneId",
                        "EST")
                .row();
        assertThat(update.externalId()).isEqualTo("crm-1");
        assertThat(update.rejection())
                .isEqualTo("status must be one of New (1), NeedRetry (10), Success (100), NotSuccessfull (110),"
                        + " Completed (130); phoneNumber has too few digits"
                        + "; leadId is no id: an id has letters, digits, - and _ only; timeZoneId "
                        + TimeZones.REASON);
        assertThat(csv(Operation.UPDATE, "phoneNumber", "12", "status", "1")
                        .row()
                        .rejection())
                .isEqualTo("phoneNumber has too few digits; leadId and externalId are missing: nothing names the lead");
        assertThat(csv(Operation.LOOKUP, "leadId", "a b", "phoneNumber", "12")
                        .row()
                        .rejection())
                .isEqualTo("leadId is no id: an id has letters, digits, - and _ only; phoneNumber has too few digits");
    }

    @Test
    void aLookUpMayNameItsLeadByTheNumberAndKeepsAStatusAsData() {
        assertThat(csv(Operation.LOOKUP, "phoneNumber", "2125550123", "status", "gold")
                        .row())
                .isEqualTo(new LeadChange(1, 2, null, null, "+12125550123", null, null, null, null));
    }

    @Test
    void columnsMustNameLeads() {
        assertThatNoException().isThrownBy(() -> {
            mapper.checkColumns(Operation.UPDATE, List.of("Lead Id", "status", "note"));
            mapper.checkColumns(Operation.UPDATE, List.of("externalId", "status"));
            mapper.checkColumns(Operation.LOOKUP, List.of("phone number"));
        });
        assertThatThrownBy(() -> mapper.checkColumns(Operation.UPDATE, List.of("phoneNumber", "status")))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("has no column leadId or externalId, so that its rows name no leads;"
                        + " its columns are 'phoneNumber', 'status'");
        assertThatThrownBy(() -> mapper.checkColumns(Operation.UPDATE, List.of("leadId", "lead_id")))
                .hasMessageContaining("has two columns 'lead_id'");
        assertThatThrownBy(
                        () -> mapper.checkColumns(Operation.UPDATE, List.of("leadId", "phone number", "phoneNumber")))
                .hasMessageContaining("are both phoneNumber");
    }
}
