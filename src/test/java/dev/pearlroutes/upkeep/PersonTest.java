package dev.pearlroutes.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.Mapping;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.mapping.TimeZones;
import dev.pearlroutes.rows.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose row it is, also where the row was rejected for its number. */
class PersonTest {
    private final PhoneNumbers phoneNumbers = new PhoneNumbers();
    private final LeadMapper mapper =
            new LeadMapper("demo", Mapping.byName(), phoneNumbers, new TimeZones(List.of()), "DE");
    private final Person person = new Person("+4989123456", Set.of(), "DE", phoneNumbers);

    @ParameterizedTest
    @CsvSource({
        "089 123456 / 089 123457,true",
        "089 123457 oder 089 123456,true",
        "4989123456.0,true",
        "089 123456,true",
        "089 123457,false",
        "089 123457 / 089 123458,false",
        "089 123456 78,false"
    })
    void aCellWithTheNumberIsThePersons(String cell, boolean its) {
        Row row = new Row(1, 2, List.of(cell), Map.of("phoneNumber", cell), null);

        assertThat(person.has(row, mapper)).isEqualTo(its);
    }
}
