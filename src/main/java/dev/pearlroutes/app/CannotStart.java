package dev.pearlroutes.app;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.ledger.LedgerException;

/** What is said of a start that cannot be. */
final class CannotStart {
    private CannotStart() {}

    /** One line that names the reason. */
    static String because(Throwable e) {
        if (e instanceof ConfigurationException || e instanceof LedgerException) {
            return "pearl-routes cannot start: " + e.getMessage();
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "pearl-routes cannot start: " + root.getClass().getSimpleName() + ": "
                + String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }
}
