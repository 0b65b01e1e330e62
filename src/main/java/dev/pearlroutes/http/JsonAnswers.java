package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Answers in JSON. */
final class JsonAnswers {
    private JsonAnswers() {}

    /** Puts an answer into an exchange, in the place of the request. @return the message, for further headers */
    static Message put(Exchange exchange, int status, JsonNode body) {
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        answer.setHeader(Exchange.CONTENT_TYPE, "application/json");
        answer.setBody(body.toString());
        return answer;
    }
}
