package speed;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The leads of all measurements: one that is known by its number. */
final class LeadFile {
    private LeadFile() {}

    static void write(Path file, long from, long rows) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write("phoneNumber,externalId,timeZoneId,firstName,lastName,city\n");
            for (long i = from; i < from + rows; i++) {
                writer.write("%s,%s,Pacific Standard Time,Zoë,Last%d,\"City %d, TX\"%n"
                        .formatted(phoneNumber(i), externalId(i), i % 1009, i % 211));
            }
        }
    }

    static String json(long i) {
        return "{\"phoneNumber\":\"" + phoneNumber(i) + "\",\"externalId\":\"" + externalId(i)
                + "\",\"timeZoneId\":\"Pacific Standard Time\",\"callData\":{\"firstName\":\"Zoe\",\"lastName\":\"Last\","
                + "\"city\":\"City\"}}";
    }

    static String externalId(long i) {
        return "crm-" + (10_000_000L + i);
    }

    static String phoneNumber(long i) {
        return "+1415" + (2_000_000 + i % 8_000_000);
    }
}
