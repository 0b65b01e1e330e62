package dev.pearlroutes.delivery;

import dev.pearlroutes.ledger.Ledger;
import java.util.Map;

/** The lengths of the file sink's files, each with every delivered event in it once. */
public final class SinkFiles {
    private final Ledger ledger;

    public SinkFiles(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Answers with the open files of an outbound by name, and the length up to which their events are known to be delivered. */
    Map<String, Long> lengths(String outbound) {
        return ledger.transaction(tx -> tx.sinks().fileLengths(outbound));
    }

    /** Notes the length of a file before the first events are appended to it. */
    void open(String outbound, String name, long length) {
        ledger.execute(tx -> tx.sinks().putFileLengths(outbound, Map.of(name, length)));
    }

    /** Forgets a file of an earlier day: nothing is appended to it any more. */
    void close(String outbound, String name) {
        ledger.execute(tx -> tx.sinks().deleteFile(outbound, name));
    }
}
