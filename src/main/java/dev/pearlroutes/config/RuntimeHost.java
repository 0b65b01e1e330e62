package dev.pearlroutes.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * The place in which the routes run: a program of their own, or an ESB.
 *
 * @param base folder from which relative paths of the data folder and the ledger are resolved
 * @param ownProcess whether the process runs nothing else, so that a broker may be started in it
 */
public record RuntimeHost(Path base, boolean ownProcess) {
    /** Name of a machine whose own is not known, or cannot be that of a folder. */
    private static final String UNKNOWN = "node";

    /** Makes the host of a program, which resolves paths from the current folder. */
    public static RuntimeHost program() {
        return new RuntimeHost(Path.of(""), true);
    }

    /** Answers with the name of this machine, as far as it can be that of a folder. */
    static String name() {
        try {
            return ValueParsers.nodeName(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException | IllegalArgumentException e) {
            return UNKNOWN;
        }
    }

    /** Makes the host of an ESB, whose process runs other bundles too. */
    public static RuntimeHost esb(Path base) {
        return new RuntimeHost(base, false);
    }
}
