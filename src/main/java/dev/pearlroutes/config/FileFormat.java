package dev.pearlroutes.config;

import java.util.Locale;

/** What the file sink writes: whole events a line, or the members of their data as cells. */
public enum FileFormat {
    JSONL,
    CSV;

    /** The ending of the files, without the dot. */
    public String ending() {
        return name().toLowerCase(Locale.ROOT);
    }
}
