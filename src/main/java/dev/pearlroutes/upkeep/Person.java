package dev.pearlroutes.upkeep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.MappingResult;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.rows.Row;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Recognises a person in rows, events and texts of one outbound, by the number and by externalIds. */
final class Person {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String phoneNumber;
    private final Set<String> externalIds;
    private final String region;
    private final PhoneNumbers phoneNumbers;
    private final Pattern text;

    /**
     * @param phoneNumber E.164; null when only externalIds are known
     * @param region of numbers without a country code; null for none
     */
    Person(String phoneNumber, Set<String> externalIds, String region, PhoneNumbers phoneNumbers) {
        this.phoneNumber = phoneNumber;
        this.externalIds = Set.copyOf(externalIds);
        this.region = region;
        this.phoneNumbers = phoneNumbers;
        Stream<String> number = phoneNumber == null
                ? Stream.empty()
                : Stream.of("(?<![0-9])" + Pattern.quote(phoneNumber.substring(1)) + "(?![0-9])");
        this.text = Pattern.compile(Stream.concat(
                        number, externalIds.stream().map(id -> "(?<![\\w-])" + Pattern.quote(id) + "(?![\\w-])"))
                .collect(Collectors.joining("|")));
    }

    /** Returns the number in E.164; null when only externalIds are known. */
    String phoneNumber() {
        return phoneNumber;
    }

    Set<String> externalIds() {
        return externalIds;
    }

    /** Whether the row is the person's, by its fields, or by any cell when it can't be mapped. */
    boolean has(Row row, LeadMapper mapper) {
        MappingResult mapped = mapper.map(row);
        if (mapped.externalId() != null && externalIds.contains(mapped.externalId())) {
            return true;
        }
        if (mapped.phoneNumber() != null && mapped.phoneNumber().equals(phoneNumber)) {
            return true;
        }
        if (mapped.lead() != null) {
            return row.values().values().stream().anyMatch(value -> isNumber(String.valueOf(value)));
        }
        return Stream.concat(
                        row.cells().stream(), row.values().values().stream().map(String::valueOf))
                .anyMatch(cell -> externalIds.contains(cell.strip()) || isNumber(cell) || saysNumber(cell));
    }

    /** Whether an event, as one line of JSON, is about the person or mentions the number. */
    boolean has(String event) {
        if (!isIn(event)) {
            return false;
        }
        try {
            return hasValue(JSON.readTree(event));
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether a text holds the number or an externalId as a word of its own. */
    boolean isIn(String line) {
        return text.matcher(line).find();
    }

    private boolean hasValue(JsonNode node) {
        if (node.isValueNode()) {
            return externalIds.contains(node.asText()) || saysNumber(node.asText());
        }
        for (JsonNode child : node) {
            if (hasValue(child)) {
                return true;
            }
        }
        return false;
    }

    private boolean saysNumber(String value) {
        return phoneNumber != null && value.contains(phoneNumber.substring(1)) && isIn(value);
    }

    /** Cheap first: to parse every cell of a large file would take long. */
    private boolean isNumber(String cell) {
        if (phoneNumber == null || cell.length() > 60) {
            return false;
        }
        String digits = cell.replaceAll("[^0-9]", "");
        return digits.length() >= 5
                && digits.contains(phoneNumber.substring(phoneNumber.length() - 5))
                && phoneNumbers.holds(cell, phoneNumber, region);
    }
}
