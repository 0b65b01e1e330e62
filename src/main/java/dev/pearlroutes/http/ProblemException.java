package dev.pearlroutes.http;

/** A request that is refused, with what it is answered. Its text holds no personal data. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** @param detail what is wrong and how to put it right; null when the title says it all */
    public ProblemException(int status, String title, String detail) {
        this(new Problem(status, title, detail));
    }

    ProblemException(Problem problem) {
        super(problem.title());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
