package dev.pearlroutes.sandbox;

/** The places in which the documentation shows what a call collected, each in a shape of its own. */
public enum CollectedDataShape {
    /** Get Lead: {@code collectedData} of the lead, an object by the id of the variable. */
    LEAD,
    /** Get Lead: {@code lastCall.collectedData.collectedInfos}, an array of {id, name, value}. */
    LAST_CALL,
    /** Get Call: {@code collectedInfo}, an array of {id, name, value}. */
    CALL
}
