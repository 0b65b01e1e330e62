package dev.pearlroutes.model;

import java.util.Map;

/**
 * What became of a row of an update or a look-up.
 *
 * @param found what a look-up found, for its result file; empty for an update
 */
public record UpdateResult(LeadChange change, Outcome outcome, Map<String, Object> found) {

    @Override
    public String toString() {
        return "UpdateResult[" + outcome + "]";
    }
}
