package dev.pearlroutes.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pearlroutes.model.CallOutcome;
import dev.pearlroutes.model.LeadStatus;
import dev.pearlroutes.model.RowResult;
import dev.pearlroutes.model.RowState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The columns of outcomes files. People open those of CSV in spreadsheets, so text that came from outside
 * can't become a formula there; JSON stays as it is.
 */
final class OutcomeColumns {
    private static final List<String> NAMES =
            List.of("leadId", "status", "reason", "final", "callId", "attempts", "lastCallTime", "duration", "summary");
    private static final String COLLECTED = "collectedData";

    private final List<String> collectedIds;

    /** @param collectedIds of the variables that have a column each in CSV; here they get their order */
    OutcomeColumns(Collection<String> collectedIds) {
        this.collectedIds = List.copyOf(new TreeSet<>(collectedIds));
    }

    /** Lists the columns of CSV. */
    List<String> names() {
        List<String> names = new ArrayList<>(NAMES);
        collectedIds.forEach(id -> names.add(column(id)));
        return names;
    }

    /** Makes a row's cells by column; each column is there. */
    Map<String, Object> cells(RowResult result) {
        Map<String, Object> members = members(result);
        JsonNode collected = (JsonNode) members.getOrDefault(COLLECTED, MissingNode.getInstance());
        Map<String, Object> cells = new LinkedHashMap<>();
        NAMES.forEach(name -> cells.put(name, cell(members.get(name))));
        collectedIds.forEach(id -> cells.put(column(id), cell(collected.path(id))));
        return cells;
    }

    /** Makes a row's members of JSON; what is unknown is absent. */
    Map<String, Object> members(RowResult result) {
        CallOutcome call = result.call();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("leadId", result.leadId());
        members.put("status", status(result));
        members.put("reason", result.reason());
        members.put("final", result.isFinal());
        if (call != null) {
            members.put("callId", call.callId());
            members.put("attempts", call.attempts());
            members.put(
                    "lastCallTime",
                    call.calledAt() == null ? null : call.calledAt().toString());
            members.put("duration", call.duration());
            members.put("summary", call.summary());
            members.put(COLLECTED, call.collected() == null ? null : RowResults.parse(call.collected()));
        } else if (result.state() == RowState.ACCEPTED) {
            members.put("attempts", 0);
        }
        members.values().removeIf(value -> value == null);
        return members;
    }

    /** Names the lead's status in the API's words once it was called, else the row's state. */
    private static String status(RowResult result) {
        CallOutcome call = result.call();
        if (result.stop() != RowResult.StopState.NONE && (call == null || !call.isFinal())) {
            return "stopped";
        }
        if (call == null) {
            // A row that is sent again at this moment is one whose outcome is not known.
            RowState state = result.state() == RowState.SENDING ? RowState.UNKNOWN : result.state();
            return result.silent() ? "silent" : state.word();
        }
        return call.status() == null
                ? "called"
                : LeadStatus.ofCode(call.status())
                        .map(LeadStatus::apiName)
                        .orElse(call.status().toString());
    }

    private static String column(String id) {
        return SpreadsheetText.safe(COLLECTED + "." + id);
    }

    private static Object cell(Object value) {
        if (value instanceof JsonNode json) {
            return json.isContainerNode() || json.isTextual()
                    ? SpreadsheetText.safe(json.isTextual() ? json.textValue() : json.toString())
                    : json.asText();
        }
        return value instanceof String text ? SpreadsheetText.safe(text) : value;
    }
}
