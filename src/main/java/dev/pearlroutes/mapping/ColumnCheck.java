package dev.pearlroutes.mapping;

import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.util.List;

/** A check whether a header can be used for an operation on the rows below it. */
@FunctionalInterface
public interface ColumnCheck {
    /** @throws UnreadableSourceException when it cannot */
    void check(String outbound, Source.Operation operation, List<String> columns);
}
