package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.Source;
import java.util.List;

/** Says whether a header can be used for what is to be done with the rows below it. */
@FunctionalInterface
public interface ColumnCheck {
    /** @throws UnreadableSourceException when it cannot */
    void check(String outbound, Source.Operation operation, List<String> columns);
}
