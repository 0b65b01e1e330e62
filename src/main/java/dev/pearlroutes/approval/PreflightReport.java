package dev.pearlroutes.approval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.MappingResult;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.ReleaseRate;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.rows.Row;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a preflight has to say of a file beside what would become of each row. */
final class PreflightReport {
    /** JSON may bring ever new names. */
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
            return given.compareTo(other.given);
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

    /**
     * @param perSecond leads that may be sent a second; infinite when nothing limits them, and then no time is told
     * @param release the waves in which leads are released
     */
    void tell(ObjectNode receipt, double perSecond, Optional<ReleaseRate> release) {
        ArrayNode translations = receipt.putArray("timeZones");
        zones.forEach((zone, rows) -> translations
                .addObject()
                .put("given", zone.given())
                .put("sent", zone.sent())
                .put("rows", rows));
        ArrayNode unmapped = receipt.putArray("unmappedColumns");
        columns.stream().filter(mapper::isUnmapped).forEach(unmapped::add);
        ObjectNode variables = receipt.putObject("missingVariables");
        missing.forEach(variables::put);
        release.ifPresent(waves -> receipt.put("release", waves.toString()));
        long waiting = release.map(waves -> waves.waitOf(leads()).toSeconds()).orElse(0L);
        if (perSecond < Double.POSITIVE_INFINITY) {
            receipt.put("leadsPerSecond", Math.round(10 * perSecond) / 10.0);
            receipt.put("estimatedSeconds", Math.max(waiting, (long) Math.ceil(leads() / perSecond)));
        } else if (waiting > 0) {
            receipt.put("estimatedSeconds", waiting);
        }
    }
}
