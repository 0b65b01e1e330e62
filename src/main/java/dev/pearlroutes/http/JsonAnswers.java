package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Answers in JSON. */
final class JsonAnswers {
    private JsonAnswers() {}

    /** Puts an answer into an exchange, in the place of the request. @return the message, for further headers */
    static Message put(Exchange exchange, int status, JsonNode body) {
        return put(exchange, status, "application/json", body.toString());
    }

    /** Puts in what a request is refused for. */
    static Message put(Exchange exchange, Problem problem) {
        return put(exchange, problem.status(), Problem.CONTENT_TYPE, problem.json());
    }

    private static Message put(Exchange exchange, int status, String type, String body) {
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        answer.setHeader(Exchange.CONTENT_TYPE, type);
        answer.setBody(body);
        return answer;
    }
}
