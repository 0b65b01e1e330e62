package dev.pearlroutes.mapping;

import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The mappers of the outbounds that are configured, by name: of leads and of changes. */
public final class Mappers {
    /** Rows at which a suggestion of a column looks. */
    private static final int SAMPLE = 50;

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
     * Checks a header. All rows below it are still to be read afterwards.
     *
     * @throws UnreadableSourceException when it cannot be used for what is to be done with the rows below it
     */
    public void checkColumns(String outbound, Source.Operation operation, RowReader rows) {
        if (operation == Source.Operation.ADD || operation == Source.Operation.CHECK) {
            leads.get(outbound).checkColumns(rows.columns(), () -> rows.peek(SAMPLE));
        } else {
            changes.get(outbound).checkColumns(operation, rows.columns());
        }
    }
}
