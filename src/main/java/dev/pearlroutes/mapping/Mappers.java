package dev.pearlroutes.mapping;

import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The mappers of the outbounds that are configured, by name: of leads and of changes. */
public final class Mappers {
    private final Map<String, LeadMapper> leads;
    private final Map<String, ChangeMapper> changes = new TreeMap<>();

    /** @param leads by outbound */
    public Mappers(Map<String, LeadMapper> leads) {
        this.leads = new TreeMap<>(leads);
        leads.forEach((outbound, mapper) -> changes.put(outbound, new ChangeMapper(mapper)));
    }

    public Set<String> outbounds() {
        return leads.keySet();
    }

    public Map<String, LeadMapper> leads() {
        return leads;
    }

    public Map<String, ChangeMapper> changes() {
        return changes;
    }

    /**
     * Checks a header.
     *
     * @throws UnreadableSourceException when it cannot be used for what is to be done with the rows below it
     */
    public void checkColumns(String outbound, Source.Operation operation, List<String> columns) {
        if (operation == Source.Operation.ADD || operation == Source.Operation.CHECK) {
            leads.get(outbound).checkColumns(columns);
        } else {
            changes.get(outbound).checkColumns(operation, columns);
        }
    }
}
