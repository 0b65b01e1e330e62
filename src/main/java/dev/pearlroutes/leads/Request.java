package dev.pearlroutes.leads;

import dev.pearlroutes.ledger.Candidate;

/**
 * One Add Lead to be made.
 *
 * @param path of the request below the API's base address
 */
public record Request(Candidate intent, String outbound, String path) {

    public String body() {
        return intent.body();
    }
}
