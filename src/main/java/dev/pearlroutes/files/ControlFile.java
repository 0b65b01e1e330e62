package dev.pearlroutes.files;

import java.io.File;
import java.util.List;

/**
 * A file that people drop beside a lead file F to give an order about it, such as {@code F.cancel}.
 *
 * @param name the name of F
 * @param text its content, without space around it
 */
public record ControlFile(File file, String name, String text) {
    /** Lets F be sent that waits for a person. */
    public static final String APPROVE = ".approve";
    /** Has no more of F sent, or its leads recalled. */
    public static final String CANCEL = ".cancel";
    /** Holds F, or the outbound. */
    public static final String PAUSE = ".pause";
    /** Ends the pause of F, or of the outbound. */
    public static final String RESUME = ".resume";
    /** Of the notice that the program writes beside where F was dropped. */
    public static final String NEEDS_APPROVAL = ".needs-approval";

    /** All endings that stand behind the name of F in an inbox: whatever has one of them is no lead file. */
    public static final List<String> ENDINGS = List.of(APPROVE, CANCEL, PAUSE, RESUME, NEEDS_APPROVAL);

    /** Tells whether a name is one of another file with the ending behind it. */
    public static boolean isNamed(String name, String ending) {
        return name.endsWith(ending) && name.length() > ending.length();
    }

    /** Names F beside it, which need not exist. */
    public File waiting() {
        return new File(file.getParentFile(), name);
    }
}
