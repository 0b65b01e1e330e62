package dev.pearlroutes.config;

/** A configuration that cannot be used. The message is one line for the operator: what, where (file, key, environment variable), how to mend it. Never holds a secret. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }
}
