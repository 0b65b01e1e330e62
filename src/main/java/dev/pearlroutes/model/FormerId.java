package dev.pearlroutes.model;

/**
 * What named a row's lead in versions before ids were cleaned, where that differs from what names it now. A lead in the ledger under it
 * still is the row's.
 *
 * @param spelling the id as it was written; null for the id derived from the number, since the row's own was not read
 * @param ofNumber whether the lead is the row's only when its number is too: a word for nothing names many people
 */
public record FormerId(String spelling, boolean ofNumber) {
    /** The id derived from the number. */
    public static final FormerId DERIVED = new FormerId(null, true);

    @Override
    public String toString() {
        return "FormerId[…]";
    }
}
