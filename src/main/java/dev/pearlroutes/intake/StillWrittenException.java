package dev.pearlroutes.intake;

/** A file that was taken is being written on: it is read, or finished, when that is over. Until then its source is unfinished. */
public final class StillWrittenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StillWrittenException(String message) {
        super(message);
    }
}
