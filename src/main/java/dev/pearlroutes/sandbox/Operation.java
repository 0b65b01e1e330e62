package dev.pearlroutes.sandbox;

import java.util.List;
import java.util.Set;

/** The operations of the v1 API that the sandbox answers; methods and paths as in the vendor's documentation. */
public enum Operation {
    ADD_LEAD("PUT", "v1/Outbound/{outbound}/Lead"),
    UPDATE_LEAD("PUT", "v1/Outbound/{outbound}/Lead/{id}"),
    GET_LEAD("GET", "v1/Outbound/{outbound}/Lead/{id}"),
    GET_LEAD_BY_EXTERNAL_ID("GET", "v1/Outbound/{outbound}/Lead/{external}/{id}"),
    SEARCH_LEADS("POST", "v1/Outbound/{outbound}/Leads"),
    GET_CALLS("POST", "v1/Outbound/{outbound}/Calls"),
    GET_OUTBOUNDS("GET", "v1/Outbound"),
    GET_ACCOUNT("GET", "v1/Account"),
    GET_CALL("GET", "v1/Call/{id}"),
    /** Anything else: 404, or 405 when only the method is wrong. */
    NONE("", "");

    final String method;
    private final List<String> template;

    Operation(String method, String template) {
        this.method = method;
        this.template = List.of(template.split("/"));
    }

    boolean hasBody() {
        return method.equals("PUT") || method.equals("POST");
    }

    /** Whether the decoded path segments fit; strict about case, so that a misspelt path shows in a test. */
    boolean fits(List<String> segments, Set<String> externalSpellings) {
        if (this == NONE || segments.size() != template.size()) {
            return false;
        }
        for (int i = 0; i < template.size(); i++) {
            String expected = template.get(i);
            String actual = segments.get(i);
            boolean fits = switch (expected) {
                case "{outbound}", "{id}" -> !actual.isEmpty();
                case "{external}" -> externalSpellings.contains(actual);
                default -> expected.equals(actual);
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** The segment in the place of {@code variable}; null when the operation has none. */
    String variable(String variable, List<String> segments) {
        int at = template.indexOf("{" + variable + "}");
        return at < 0 ? null : segments.get(at);
    }
}
