package dev.pearlroutes.app;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerException;

/** The message of a start that failed. */
final class StartupFailure {
    private StartupFailure() {}

    /** Names the reason: one line, or a line for each setting that is wrong. */
    static String because(Throwable e) {
        Throwable root = e;
        while (!own(root) && root.getCause() != null) {
            root = root.getCause();
        }
        if (own(root)) {
            return "pearl-routes cannot start: " + root.getMessage();
        }
        return "pearl-routes cannot start: " + root.getClass().getSimpleName() + ": " + LogText.firstLine(root);
    }

    /** Tells whether its message was written for the operator. */
    private static boolean own(Throwable e) {
        return e instanceof ConfigurationException || e instanceof LedgerException;
    }
}
