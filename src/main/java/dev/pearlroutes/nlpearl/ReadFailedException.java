package dev.pearlroutes.nlpearl;

/** A read without a usable answer, which proves nothing and may be made again. */
public class ReadFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    /** @param answer what the answer means for whoever asked */
    public ReadFailedException(String message, Answer answer) {
        super(message);
        this.answer = answer;
    }

    /** Whether the API asked for a pause. */
    public boolean limited() {
        return answer.kind() == Answer.Kind.RATE_LIMITED;
    }

    /** Whether the API refuses the request, or has no such thing: the same request would be refused again. */
    public boolean refused() {
        return answer.kind() == Answer.Kind.AMBIGUOUS_REFUSAL || answer.kind() == Answer.Kind.REJECTED;
    }

    /** Whether the failure may pass by itself. */
    public boolean passing() {
        return answer.kind() == Answer.Kind.UNKNOWN;
    }

    Answer answer() {
        return answer;
    }
}
