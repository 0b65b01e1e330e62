package dev.pearlroutes.approval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.MappingResult;
import dev.pearlroutes.mapping.MappingSummary;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.rows.Row;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The report of a preflight on a file, beside what would become of each row. */
final class PreflightReport {
    /** Names of columns that are kept: JSON may bring new ones in each row. */
    private static final int MOST_COLUMNS = 1_000;

    private final LeadMapper mapper;
    private final Map<RowState, Long> counts = new EnumMap<>(RowState.class);
    private final Set<String> columns = new LinkedHashSet<>();
    private final Map<Zone, Long> zones = new TreeMap<>();
    private final Map<String, Long> missing = new TreeMap<>();

    PreflightReport(LeadMapper mapper) {
        this.mapper = mapper;
        for (RowState state : RowState.values()) {
            counts.put(state, 0L);
        }
    }

    /** A time zone's name as rows have it and as it is sent. */
    private record Zone(String given, String sent) implements Comparable<Zone> {
        @Override
        public int compareTo(Zone other) {
            int byGiven = given.compareTo(other.given);
            return byGiven == 0 ? sent.compareTo(other.sent) : byGiven;
        }
    }

    void take(Row row, MappingResult mapped) {
        if (columns.size() < MOST_COLUMNS) {
            columns.addAll(row.values().keySet());
        }
        mapped.missing().forEach(variable -> missing.merge(variable, 1L, Long::sum));
        if (mapped.zoneName() != null && !mapped.zoneName().equals(mapped.lead().timeZoneId())) {
            zones.merge(new Zone(mapped.zoneName(), mapped.lead().timeZoneId()), 1L, Long::sum);
        }
    }

    void take(Outcome outcome) {
        counts.merge(outcome.state(), 1L, Long::sum);
    }

    /** Rows by what would become of them; every state is there. */
    Map<RowState, Long> counts() {
        return counts;
    }

    /** Leads that would be sent. */
    long leads() {
        return counts.get(RowState.ACCEPTED);
    }

    /** Adds the report to a receipt. */
    void addTo(ObjectNode receipt) {
        ArrayNode translations = receipt.putArray("timeZones");
        zones.forEach((zone, rows) -> translations
                .addObject()
                .put("given", zone.given())
                .put("sent", zone.sent())
                .put("rows", rows));
        MappingSummary summary = mapper.summary(columns);
        ArrayNode fields = receipt.putArray("fields");
        for (MappingSummary.Given given : summary.fields()) {
            ObjectNode field = fields.addObject().put("field", given.field());
            putIfThere(field, "type", given.type());
            putIfThere(field, "column", given.column());
            putIfThere(field, "template", given.template());
            putIfThere(field, "constant", given.constant());
        }
        ArrayNode dropped = receipt.putArray("droppedColumns");
        summary.dropped()
                .forEach(one -> putIfThere(dropped.addObject().put("column", one.column()), "pattern", one.pattern()));
        ArrayNode unmapped = receipt.putArray("unmappedColumns");
        columns.stream().filter(mapper::isUnmapped).forEach(unmapped::add);
        ObjectNode variables = receipt.putObject("missingVariables");
        missing.forEach(variables::put);
    }

    private static void putIfThere(ObjectNode node, String name, String value) {
        if (value != null) {
            node.put(name, value);
        }
    }
}
