package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/**
 * The answer on the program's health: a line a check, what is wrong first. Camel's own answer has the checks in any order, on one
 * line, and does not escape what they say.
 */
final class HealthAnswer {
    static final String PATH = "/observe/health";

    /** A credit of 1000 is not written as 1E+3. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final CamelContext context;

    HealthAnswer(CamelContext context) {
        this.context = context;
    }

    /** Answers with what is wrong; a request for anything else is left to the next handler. */
    void tell(RoutingContext ctx) {
        String path = ctx.normalizedPath();
        boolean asked = path.equals(PATH) || path.equals(PATH + "/live") || path.equals(PATH + "/ready");
        if (!asked || ctx.request().method() != HttpMethod.GET) {
            ctx.next();
            return;
        }
        boolean withData = "true".equals(ctx.request().getParam("data"));
        ctx.vertx()
                .executeBlocking(() -> results(path), false)
                .onSuccess(results -> end(ctx, areUp(results), text(results, withData)))
                .onFailure(ctx::fail);
    }

    /** Answers with no more than whether something is wrong, to one who may not know what. */
    void tellStateAlone(RoutingContext ctx) {
        ctx.vertx()
                .executeBlocking(() -> areUp(HealthCheckHelper.invoke(context)), false)
                .onSuccess(up -> end(ctx, up, "{\"status\":\"" + word(up) + "\"}"))
                .onFailure(ctx::fail);
    }

    private Collection<HealthCheck.Result> results(String path) {
        if (path.endsWith("/live")) {
            return HealthCheckHelper.invokeLiveness(context);
        }
        return path.endsWith("/ready") ? HealthCheckHelper.invokeReadiness(context) : HealthCheckHelper.invoke(context);
    }

    private static void end(RoutingContext ctx, boolean up, String body) {
        ctx.response()
                .setStatusCode(up ? 200 : HttpDoor.UNAVAILABLE)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body);
    }

    private static boolean areUp(Collection<HealthCheck.Result> results) {
        return results.stream().allMatch(HealthAnswer::isUp);
    }

    private static boolean isUp(HealthCheck.Result result) {
        return result.getState() == HealthCheck.State.UP;
    }

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static String text(Collection<HealthCheck.Result> results, boolean withData) {
        StringBuilder text = new StringBuilder("{\"status\":\"" + word(areUp(results)) + "\",\"checks\":[");
        String before = "\n";
        for (HealthCheck.Result result : results.stream()
                .sorted(Comparator.comparing(HealthAnswer::isUp)
                        .thenComparing(each -> each.getMessage().isEmpty())
                        .thenComparing(each -> each.getCheck().getId()))
                .toList()) {
            text.append(before).append(check(result, withData));
            before = ",\n";
        }
        return text.append("\n]}\n").toString();
    }

    private static ObjectNode check(HealthCheck.Result result, boolean withData) {
        ObjectNode check = JSON.createObjectNode();
        check.put("name", result.getCheck().getId());
        check.put("status", result.getState().name());
        result.getMessage().ifPresent(why -> check.put("message", why));
        ObjectNode data = JSON.createObjectNode();
        if (withData) {
            // What Camel notes of its calls, such as check.kind, is of no use to anybody.
            new TreeMap<>(result.getDetails()).forEach((name, value) -> {
                if (!HealthCheckHelper.isReservedKey(name)) {
                    data.set(name, JSON.valueToTree(value));
                }
            });
        }
        if (!data.isEmpty()) {
            check.set("data", data);
        }
        return check;
    }
}
