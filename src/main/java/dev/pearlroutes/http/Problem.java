package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * What a request that is refused is answered, as RFC 9457 has it.
 *
 * @param status HTTP status
 * @param title of the kind of problem
 * @param detail what is wrong with this request, and how to put it right; null when the title says it all
 * @param line of the body that cannot be used, from 1; null for no single one
 */
record Problem(int status, String title, String detail, Long line) {
    static final String CONTENT_TYPE = "application/problem+json";

    Problem(int status, String title, String detail) {
        this(status, title, detail, null);
    }

    /** Answers a request that is not let on to a route. */
    void answer(RoutingContext ctx) {
        if (!ctx.response().ended()) {
            ctx.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE)
                    .end(json());
        }
    }

    /** Answers a request whose body is not read to its end, and ends the connection. */
    void answerAndClose(RoutingContext ctx) {
        ctx.response().putHeader(HttpHeaders.CONNECTION, "close");
        ctx.addEndHandler(end -> ctx.request().connection().close());
        answer(ctx);
    }

    String json() {
        ObjectNode problem = JsonNodeFactory.instance.objectNode();
        problem.put("title", title);
        problem.put("status", status);
        if (detail != null) {
            problem.put("detail", detail);
        }
        if (line != null) {
            problem.put("line", line);
        }
        return problem.toString();
    }
}
