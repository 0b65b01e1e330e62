package dev.pearlroutes.nlpearl;

/** A request that reads got no usable answer; it proves nothing and may be made again. */
public class ReadFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReadFailedException(String message) {
        super(message);
    }
}
