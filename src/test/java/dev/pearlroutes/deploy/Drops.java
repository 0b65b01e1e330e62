package dev.pearlroutes.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Lead files of several kinds, messy like real ones, and what has to become of them. */
final class Drops {
    /** The API refuses these leads for what is in them. */
    static final String REFUSED = "refused-";

    private static final String NAME = "leads-";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path inbox;
    private final Random random;
    /** Leads to be rung once each, by their externalId, or by their number where they have none. */
    private final List<String> ids = new ArrayList<>();

    private final List<String> numbers = new ArrayList<>();
    private int files;
    private int rows;
    private int rejected;

    Drops(Path inbox, Random random) {
        this.inbox = inbox;
        this.random = random;
    }

    private record Row(String phoneNumber, String externalId) {}

    /** Drops one more file. Some have the name of an earlier one. */
    void drop(int size) throws IOException {
        List<Row> file = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            file.add(row());
        }
        boolean again = files % 5 == 4;
        String ending = List.of(".csv", ".jsonl", ".json").get(files % 3);
        String name = NAME + (again ? "again" : files) + ending;
        if (Files.exists(inbox.resolve(name))) {
            name = NAME + files + ending;
        }
        files++;
        rows += size;
        Program.drop(
                inbox,
                name,
                switch (ending) {
                    case ".csv" ->
                        file.stream()
                                .map(row -> row.phoneNumber() + "," + row.externalId() + ",Zoë\n")
                                .collect(Collectors.joining("", "phoneNumber,externalId,firstName\n", ""));
                    case ".jsonl" -> file.stream().map(Drops::json).collect(Collectors.joining("\n", "", "\n"));
                    default -> file.stream().map(Drops::json).collect(Collectors.joining(",\n", "[", "]\n"));
                });
    }

    /** Whether it is the name of a dropped file in {@code done/}, not of one made of it. */
    static boolean isDropped(String name) {
        return name.matches(NAME + "[^.]*\\.(csv|jsonl|json)(\\.\\d{8}T\\d{6}\\.\\d{3}Z)?");
    }

    List<String> ids() {
        return ids;
    }

    List<String> numbers() {
        return numbers;
    }

    int files() {
        return files;
    }

    int rows() {
        return rows;
    }

    int rejected() {
        return rejected;
    }

    int leads() {
        return ids.size() + numbers.size();
    }

    private Row row() {
        int kind = random.nextInt(100);
        if (kind < 5) {
            rejected++;
            return new Row("12", "mistyped-" + rejected);
        }
        if (kind < 8) {
            rejected++;
            return new Row(number(5, rejected), REFUSED + rejected);
        }
        if (kind < 16 && !ids.isEmpty()) {
            // Sometimes with another number, sometimes as it was.
            int earlier = random.nextInt(ids.size());
            return new Row(number(2, random.nextBoolean() ? earlier : random.nextInt(1_000)), ids.get(earlier));
        }
        if (kind < 20 && !numbers.isEmpty()) {
            return new Row(numbers.get(random.nextInt(numbers.size())), "");
        }
        if (kind < 30) {
            numbers.add(number(3, numbers.size()));
            return new Row(numbers.get(numbers.size() - 1), "");
        }
        // A search for crm-1 also finds crm-10, as at the real API.
        ids.add("crm-" + ids.size());
        return new Row(number(2, ids.size() - 1), ids.get(ids.size() - 1));
    }

    private static String number(int range, int n) {
        return "+1202" + (range * 1_000_000 + n);
    }

    private static String json(Row row) {
        Map<String, String> members = new HashMap<>();
        members.put("phoneNumber", row.phoneNumber());
        members.put("firstName", "Zoë");
        if (!row.externalId().isEmpty()) {
            members.put("externalId", row.externalId());
        }
        try {
            return JSON.writeValueAsString(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
