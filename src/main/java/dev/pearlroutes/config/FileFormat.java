package dev.pearlroutes.config;

import java.util.Locale;

/** The format of the file sink: a whole event a line, or the members of its data as cells. */
public enum FileFormat {
    JSONL,
    CSV;

    /** Returns the ending of the files, without the dot. */
    public String ending() {
        return name().toLowerCase(Locale.ROOT);
    }
}
