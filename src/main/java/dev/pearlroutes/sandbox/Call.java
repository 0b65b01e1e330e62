package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A call at one moment.
 *
 * @param changed when it last became different
 * @param json in the shape of Get Call, which has the most fields
 */
record Call(Instant start, Instant changed, ObjectNode json) {

    /** Where a call comes from: the simulation, which computes it, or a test, which placed it. */
    interface Source {
        /** The lead it belongs to; null when a test placed it without one. */
        StoredLead lead();

        /** Null when it has not started by then. */
        Call at(Instant now);
    }
}
