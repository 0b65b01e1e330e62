package dev.pearlroutes.files;

import java.io.File;

/**
 * A file that people drop beside a lead file F to give an order about it, such as {@code F.cancel}.
 *
 * @param name the name of F
 * @param text its content, without space around it
 */
public record ControlFile(File file, String name, String text) {
    /** Tells whether a name is one of another file with the ending behind it. */
    public static boolean isNamed(String name, String ending) {
        return name.endsWith(ending) && name.length() > ending.length();
    }

    /** Names F beside it, which need not exist. */
    public File waiting() {
        return new File(file.getParentFile(), name);
    }
}
