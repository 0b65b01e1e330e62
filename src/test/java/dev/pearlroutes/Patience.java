package dev.pearlroutes;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Every test waits for as long as a busy machine may need: a test whose condition comes true goes on at once, so that patience costs only a
 * test that fails.
 */
public final class Patience implements BeforeAllCallback {
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public void beforeAll(ExtensionContext test) {
        Awaitility.setDefaultTimeout(PATIENCE);
    }
}
