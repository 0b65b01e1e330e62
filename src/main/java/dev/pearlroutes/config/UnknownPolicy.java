package dev.pearlroutes.config;

/** The choice for a lead whose answer never came and that a proven look-up doesn't find at the API. */
public enum UnknownPolicy {
    /** It is sent again. */
    RESEND_IF_ABSENT,
    /** It stays unknown until a person decides. */
    HOLD
}
