package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What one part of the program says of itself. It names no number, no person and no externalId. */
interface StatusPart {
    void addTo(ObjectNode status);
}
