package dev.pearlroutes.events;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.pearlroutes.model.Event;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Events as rows of a CSV for programs: cells have the values of the events, unguarded against spreadsheets. A column has the name of its
 * member, with dots for levels; an object or array is JSON in its cell.
 */
public final class CsvEvents {
    private static final List<String> ENVELOPE = List.of("id", "type", "time");
    private static final List<String> OF_LEADS = List.of(
            "leadId",
            "externalId",
            "phoneNumber",
            "source.file",
            "source.queue",
            "source.messageId",
            "source.line",
            "reason",
            "file",
            "sha256",
            "read",
            "accepted",
            "duplicate",
            "rejected",
            "suppressed",
            "cancelled",
            "unknown",
            "startedAt",
            "finishedAt");
    private static final List<String> OF_CALLS = List.of(
            "callId",
            "startTime",
            "from",
            "to",
            "duration",
            "status.code",
            "status.name",
            "conversationStatus.code",
            "conversationStatus.name",
            "tags",
            "final",
            "revision",
            "match",
            "leadId",
            "externalId",
            "source.file",
            "source.queue",
            "source.messageId",
            "source.line",
            "summary",
            "transcript",
            "recording",
            "collectedData");
    private static final Pattern LINE_BREAK = Pattern.compile("\\R");
    private static final ObjectMapper JSON = new ObjectMapper();

    private CsvEvents() {}

    /** Writes the header of a stream's files, with the line feed. */
    public static String header(String stream) {
        return row(ENVELOPE.stream(), data(stream).stream());
    }

    /** Writes an event as one line, with the line feed. @throws IllegalStateException when the event is no JSON */
    public static String line(Event event) {
        try {
            JsonNode json = JSON.readTree(event.json());
            return row(
                    ENVELOPE.stream().map(name -> cell(json, name)),
                    data(event.stream()).stream().map(name -> cell(json.path("data"), name)));
        } catch (JsonProcessingException e) {
            // Without its cause, which may quote the event.
            throw new IllegalStateException("an event of the ledger is no JSON");
        }
    }

    private static String row(Stream<String> envelope, Stream<String> data) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            csv.writeRecord(Stream.concat(envelope, data).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String cell(JsonNode data, String name) {
        JsonNode value = data.at(JsonPointer.compile("/" + name.replace('.', '/')));
        // Programs that read these files expect each row on one line.
        return value.isContainerNode()
                ? value.toString()
                : LINE_BREAK.matcher(value.asText("")).replaceAll(" ");
    }

    private static List<String> data(String stream) {
        return stream.equals(Events.CALLS) ? OF_CALLS : OF_LEADS;
    }
}
