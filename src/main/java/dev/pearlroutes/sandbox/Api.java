package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The operations of the API as the vendor documents them; each takes a request and returns the answer. */
final class Api {
    /** Used when no limit is given; the vendor's is unknown, a small one shows who relies on it. */
    private static final int DEFAULT_LIMIT = 10;

    private static final List<String> CALL_ROW =
            List.of("id", "startTime", "conversationStatus", "status", "from", "to", "duration", "tags");
    private static final List<String> LAST_CALL =
            List.of("id", "startTime", "pearlId", "status", "from", "name", "summary", "duration", "recording", "tags");
    private static final List<String> LEAD_ROW =
            List.of("id", "externalId", "phoneNumber", "timeZone", "status", "created", "callData");

    private final SandboxOptions options;
    private final Store store;
    private volatile Integer accountStatus = 1;
    private volatile BigDecimal creditBalance = BigDecimal.valueOf(1000);

    Api(SandboxOptions options, Store store) {
        this.options = options;
        this.store = store;
    }

    void account(Integer status, BigDecimal balance) {
        accountStatus = status;
        creditBalance = balance;
    }

    Answer answer(SandboxRequest request) {
        if (request.operation().hasBody() && !isJson(request.header("Content-Type"))) {
            return Answer.empty(415);
        }
        return switch (request.operation()) {
            case ADD_LEAD -> addLead(request);
            case UPDATE_LEAD -> updateLead(request);
            case GET_LEAD -> oneLead(find(request.outboundId(), request.id()), "leadId");
            case GET_LEAD_BY_EXTERNAL_ID -> oneLead(findByExternalId(request), "externalId");
            case SEARCH_LEADS -> searchLeads(request);
            case GET_CALLS -> getCalls(request);
            case GET_OUTBOUNDS -> getOutbounds();
            case GET_ACCOUNT -> getAccount();
            case GET_CALL -> getCall(request.id());
            case NONE -> noOperation(request.allowed());
        };
    }

    private static boolean isJson(String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    private Answer unknown(String what) {
        return Answer.problem(options.unknownIdStatus, Map.of("validation", "wrong " + what));
    }

    /** Null when the body is good and the outbound known. The body comes first, as the vendor's framework has it. */
    private Answer refusal(Body body, SandboxRequest request) {
        if (!body.errors().isEmpty()) {
            return Answer.problem(400, body.errors());
        }
        return store.hasOutbound(request.outboundId()) ? null : unknown("outboundId");
    }

    private Answer addLead(SandboxRequest request) {
        Body body = new Body(request.json()).lead(true);
        Answer refusal = refusal(body, request);
        if (refusal != null) {
            return refusal;
        }
        StoredLead lead = store.addLead(request.outboundId(), body.json());
        return Answer.json(200, Answer.JSON.createObjectNode().put("leadId", lead.id));
    }

    private Answer updateLead(SandboxRequest request) {
        Body body = new Body(request.json()).lead(false);
        Answer refusal = refusal(body, request);
        if (refusal != null) {
            return refusal;
        }
        StoredLead lead = find(request.outboundId(), request.id());
        if (lead != null) {
            lead.update(body.json(), store.now());
        }
        return oneLead(lead, "leadId");
    }

    private StoredLead find(String outboundId, String leadId) {
        StoredLead lead = store.lead(leadId);
        return lead != null && lead.outboundId.equals(outboundId) ? lead : null;
    }

    private StoredLead findByExternalId(SandboxRequest request) {
        return store.leads(request.outboundId()).stream()
                .filter(lead -> request.id().equals(lead.externalId()))
                .findFirst()
                .orElse(null);
    }

    private Answer oneLead(StoredLead lead, String idName) {
        if (lead == null) {
            return unknown(idName);
        }
        Instant now = store.now();
        ObjectNode json = lead.json(now, options.timeZoneAsNumber);
        List<Call> calls = lead.calls(now);
        ArrayNode ids = json.putArray("callsId");
        calls.forEach(call -> ids.add(call.json().get("id")));
        ObjectNode collected = json.putObject("collectedData");
        if (calls.isEmpty()) {
            json.putNull("lastCall");
            return Answer.json(200, json);
        }
        ObjectNode call = calls.get(calls.size() - 1).json();
        ObjectNode last = json.putObject("lastCall");
        last.setAll(pick(call, LAST_CALL));
        ObjectNode data = last.putObject("collectedData");
        data.set("transcript", call.get("transcript"));
        if (options.collectedData.contains(CollectedDataShape.LAST_CALL)) {
            data.set("collectedInfos", call.get("collectedInfo"));
        }
        if (options.collectedData.contains(CollectedDataShape.LEAD)) {
            call.path("collectedInfo")
                    .forEach(info -> collected.set(info.path("id").asText(), info.get("value")));
        }
        return Answer.json(200, json);
    }

    private static ObjectNode pick(ObjectNode json, List<String> fields) {
        return json.deepCopy().retain(fields);
    }

    private Answer searchLeads(SandboxRequest request) {
        Body body = new Body(request.json());
        String wanted = lower(body.text("searchInput"));
        Set<String> statuses = body.filter("statuses");
        Instant now = store.now();
        // Filtered before anything is rendered: look-ups scan all leads.
        Stream<ObjectNode> rows = store.leads(request.outboundId()).stream()
                .filter(lead -> lower(lead.phoneNumber(now)).contains(wanted)
                        || options.searchCoversExternalId
                                && lower(lead.externalId()).contains(wanted))
                .map(lead -> lead.json(now, options.timeZoneAsNumber))
                .filter(row ->
                        statuses == null || statuses.contains(row.path("status").asText()));
        return page(request, body, rows, "created", LEAD_ROW);
    }

    private Answer getCalls(SandboxRequest request) {
        Body body = new Body(request.json());
        Instant from = body.time("fromDate");
        Instant to = body.time("toDate");
        if (body.errors().isEmpty() && from.isAfter(to)) {
            body.refuse("toDate", "toDate is before fromDate.");
        }
        if (options.longestRange != null && Duration.between(from, to).compareTo(options.longestRange) > 0) {
            body.refuse("toDate", "The range of dates is too long.");
        }
        String wanted = lower(body.text("searchInput"));
        Set<String> statuses = body.filter("statuses");
        Set<String> tags = body.filter("tags");
        Stream<ObjectNode> rows = store.calls(request.outboundId(), from, to).stream()
                .filter(call -> !options.exclusiveBounds
                        || call.start().isAfter(from) && call.start().isBefore(to))
                .map(Call::json)
                .filter(call -> statuses == null
                        || statuses.contains(call.path("conversationStatus").asText()))
                .filter(call -> tags == null || hasAny(call.path("tags"), tags))
                .filter(call -> lower(call.path("to").asText()).contains(wanted)
                        || lower(call.path("from").asText()).contains(wanted));
        return page(request, body, rows, "startTime", CALL_ROW);
    }

    private static String lower(String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    private static boolean hasAny(JsonNode tags, Set<String> wanted) {
        for (JsonNode tag : tags) {
            if (wanted.contains(tag.asText())) {
                return true;
            }
        }
        return false;
    }

    private Answer page(
            SandboxRequest request, Body body, Stream<ObjectNode> rows, String defaultSort, List<String> fields) {
        int skip = body.number("skip", 0);
        int limit = body.number("limit", DEFAULT_LIMIT);
        String given = body.text("sortProp");
        String sort = given == null ? defaultSort : given;
        boolean ascending = body.flag("isAscending");
        if (!fields.contains(sort)) {
            body.refuse("sortProp", "Unknown property.");
        }
        if (limit > options.maxPage && options.refuseOverMaxPage) {
            body.refuse("limit", "The limit must be at most " + options.maxPage + ".");
        }
        Answer refusal = refusal(body, request);
        if (refusal != null) {
            return refusal;
        }
        List<ObjectNode> all = new ArrayList<>(rows.toList());
        Comparator<ObjectNode> order = Comparator.<ObjectNode>comparingDouble(
                        row -> row.path(sort).doubleValue())
                .thenComparing(row -> row.path(sort).asText());
        all.sort(ascending ? order : order.reversed());
        ObjectNode json = Answer.JSON.createObjectNode().put("count", all.size());
        ArrayNode results = json.putArray("results");
        all.stream().skip(skip).limit(Math.min(limit, options.maxPage)).forEach(row -> results.add(pick(row, fields)));
        return Answer.json(200, json);
    }

    private Answer getOutbounds() {
        ArrayNode json = Answer.JSON.createArrayNode();
        store.outbounds().forEach((id, name) -> json.addObject().put("id", id).put("name", name));
        return Answer.json(200, json);
    }

    private Answer getAccount() {
        return Answer.json(
                200,
                Answer.JSON
                        .createObjectNode()
                        .put("name", "Sandbox")
                        .put("totalAgents", 1)
                        .put("creditBalance", creditBalance)
                        .put("status", accountStatus));
    }

    private Answer getCall(String id) {
        Call.Source source = store.call(id);
        Call call = source == null ? null : source.at(store.now());
        if (call == null) {
            return unknown("callId");
        }
        ObjectNode json = call.json().deepCopy();
        if (!options.collectedData.contains(CollectedDataShape.CALL)) {
            json.remove("collectedInfo");
        }
        return Answer.json(200, json);
    }

    private static Answer noOperation(Set<String> allowed) {
        return allowed.isEmpty()
                ? Answer.empty(404)
                : new Answer(405, Map.of("Allow", String.join(", ", allowed)), new byte[0]);
    }
}
