package dev.pearlroutes.config;

/**
 * A configuration that cannot be used. The message is for the operator: what is wrong, where (file, key, environment variable) and how to
 * correct it; one line for each setting. It never holds a secret.
 */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }
}
