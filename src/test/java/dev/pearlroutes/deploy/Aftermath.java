package dev.pearlroutes.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the program has left in its data folder when all is done. */
final class Aftermath {
    private static final Set<String> STANDING = Set.of("demo", "demo/updates", "demo/lookups", "demo/check");

    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path data;
    private final List<JsonNode> receipts;
    private final List<JsonNode> accepted;

    Aftermath(Path data) {
        this.data = data;
        this.receipts = list("done").stream()
                .filter(name -> name.endsWith(".receipt.json"))
                .map(name -> json(text(data.resolve("done").resolve(name))))
                .toList();
        this.accepted = list("results").stream()
                .filter(name -> name.contains("leads-"))
                .flatMap(name -> text(data.resolve("results").resolve(name)).lines())
                .map(Aftermath::json)
                .filter(event -> event.get("type").asText().equals("ai.nlpearl.lead.accepted"))
                .toList();
    }

    List<JsonNode> receipts() {
        return receipts;
    }

    /** Over all receipts. */
    long sum(String outcome) {
        return receipts.stream()
                .mapToLong(receipt -> receipt.get(outcome).asLong())
                .sum();
    }

    /** A value of each event that publishes an accepted lead. */
    List<String> acceptedEvents(String pointer) {
        return accepted.stream().map(event -> event.at(pointer).asText()).toList();
    }

    /** Files and folders in all depths below a folder of each outbound, by their paths; not those that are always there. */
    List<String> list(String folder) {
        Path root = data.resolve(folder);
        try (Stream<Path> found = Files.walk(root)) {
            return found.map(path -> root.relativize(path).toString())
                    .filter(path -> !path.isEmpty() && !STANDING.contains(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
