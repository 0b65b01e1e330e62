package dev.pearlroutes.app;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.ledger.LedgerException;

/** What is said of a start that cannot be. */
final class StartupFailure {
    private StartupFailure() {}

    /** One line that names the reason. */
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

    /** Whether its message was written for the operator. */
    private static boolean own(Throwable e) {
        return e instanceof ConfigurationException || e instanceof LedgerException;
    }
}
