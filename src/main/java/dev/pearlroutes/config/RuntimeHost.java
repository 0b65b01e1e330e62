package dev.pearlroutes.config;

import java.nio.file.Path;

/**
 * Where the routes run.
 *
 * @param base what relative paths of the data folder and the ledger are seen from
 * @param ownProcess whether the process is theirs alone, so that a broker may be started in it
 */
public record RuntimeHost(Path base, boolean ownProcess) {

    /** A process of their own, in the current folder. */
    public static RuntimeHost program() {
        return new RuntimeHost(Path.of(""), true);
    }

    /** A process they share with others. */
    public static RuntimeHost esb(Path base) {
        return new RuntimeHost(base, false);
    }
}
