package dev.pearlroutes.config;

import java.nio.file.Path;

/**
 * Where the routes run.
 *
 * @param base what relative paths of the data folder and the ledger are seen from
 * @param ownProcess whether the process is theirs alone, so that a broker may be started in it
 */
public record Host(Path base, boolean ownProcess) {

    /** A process of their own, in the current folder. */
    public static Host program() {
        return new Host(Path.of(""), true);
    }

    /** A process they share with others. */
    public static Host esb(Path base) {
        return new Host(base, false);
    }
}
