package dev.pearlroutes.http;

import dev.pearlroutes.config.Http;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.intake.MessageIntake;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RestRegistry;
import org.apache.camel.support.PluginHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of the HTTP server, before anything of a request is read: where it was sent to, which page sent it, who sent it, and how
 * much it brings. Health needs no password and names nothing then; webhooks bring a credential of their own.
 */
final class HttpDoor {
    static final int UNAVAILABLE = 503;
    static final int RETRY_AFTER_SECONDS = 5;

    /** Bytes of the largest body of a webhook, which anybody may send. */
    private static final int MAX_WEBHOOK = 2 << 20;

    private static final long MEMORY = Runtime.getRuntime().maxMemory();
    static final String WEBHOOKS = "/webhooks/";
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final int FIRST = -1_000;
    private static final int LAST = Integer.MAX_VALUE;

    static final String NO_HTTP = "This is no request of HTTP";

    /** Headers that an answer may have; any other one is an echo of the request. */
    private static final Set<String> OF_ANSWERS = Set.of(
            "allow",
            "cache-control",
            "connection",
            "content-disposition",
            "content-encoding",
            "content-length",
            "content-security-policy",
            "content-type",
            "cross-origin-resource-policy",
            "date",
            "etag",
            "last-modified",
            "location",
            "preference-applied",
            "referrer-policy",
            "retry-after",
            "transfer-encoding",
            "vary",
            "www-authenticate",
            "x-content-type-options",
            "x-frame-options");

    private final Http http;
    private final CamelContext context;
    private final Connections connections;
    private final HttpCredentials credentials;
    private final ServerNames names;
    private final BodyBudget bodies = BodyBudget.inMemory(MEMORY, MessageIntake.MAX_BODY, 4);
    private final BodyBudget webhookBodies = BodyBudget.inMemory(MEMORY / 4, MAX_WEBHOOK, 16);

    HttpDoor(Http http, CamelContext context, Connections connections) {
        this.http = http;
        this.context = context;
        this.connections = connections;
        this.credentials = new HttpCredentials(http);
        this.names = new ServerNames(http);
    }

    /** Puts the door in front of all routes, and behind them what says that nothing is there. */
    void lock(Router router) {
        router.route().order(FIRST).handler(this::enter).failureHandler(HttpDoor::failed);
        OperatorPage.serve(router, FIRST + 1);
        router.route().order(LAST).handler(this::nothingThere);
    }

    private void enter(RoutingContext ctx) {
        connections.busy(ctx);
        HttpServerResponse answer = ctx.response();
        answer.putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .putHeader("Cache-Control", "no-store");
        ctx.addHeadersEndHandler(end -> Set.copyOf(answer.headers().names()).stream()
                .filter(name -> !OF_ANSWERS.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(name -> answer.headers().remove(name)));
        String path = ctx.normalizedPath();
        HttpServerRequest request = ctx.request();
        if (isOfUnknownLength(request)) {
            new Problem(400, "Transfer-Encoding is not read", "send chunked, or the Content-Length")
                    .answerAndClose(ctx);
        } else if (path.startsWith(WEBHOOKS)) {
            // Whatever the platform calls it: the fields of a form would become headers.
            request.headers().set(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
            webhookBodies.admit(ctx);
        } else if (http.webhooksPort() != null && request.localAddress().port() == http.webhooksPort()) {
            new Problem(404, "Nothing there", "this port takes webhooks alone").answer(ctx);
        } else if (path.equals(HealthAnswer.PATH) || path.startsWith(HealthAnswer.PATH + "/")) {
            health(ctx);
        } else if (!names.sentHere(request)) {
            new Problem(403, "Foreign host", "add the name that it was sent to to http.allowed-hosts").answer(ctx);
        } else if (ServerNames.isForeignPage(request)) {
            new Problem(403, "Foreign page", "requests by pages of other sites are refused").answer(ctx);
        } else {
            identify(ctx);
        }
    }

    /** Tells whether the end of the body cannot be known: the rest would be taken for a request that a proxy has not seen. */
    private static boolean isOfUnknownLength(HttpServerRequest request) {
        List<String> encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return !encodings.isEmpty()
                && !(encodings.size() == 1 && encodings.get(0).strip().equalsIgnoreCase("chunked"));
    }

    private void identify(RoutingContext ctx) {
        switch (judge(ctx.request())) {
            case RIGHT -> {
                // Nothing behind the door needs to know it.
                ctx.request().headers().remove(HttpHeaders.AUTHORIZATION);
                if (isForm(ctx.request())) {
                    new Problem(415, "Forms are not read", "send JSON: GET /api/openapi.json says where what is read")
                            .answerAndClose(ctx);
                } else {
                    bodies.admit(ctx);
                }
            }
            case TOO_MANY -> {
                ctx.response().putHeader(HttpHeaders.RETRY_AFTER, "60");
                new Problem(429, "Too many wrong passwords", "wait a minute").answer(ctx);
            }
            default -> {
                if (http.password() != null) {
                    ctx.response().headers().add("WWW-Authenticate", "Basic realm=\"pearl-routes\", charset=\"UTF-8\"");
                }
                if (http.token() != null) {
                    ctx.response().headers().add("WWW-Authenticate", "Bearer realm=\"pearl-routes\"");
                }
                new Problem(401, "Password or token needed", null).answer(ctx);
            }
        }
    }

    /** Tells whether a request brings a form, whose fields would become headers, and which a foreign page may post. */
    private static boolean isForm(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null
                && type.strip().toLowerCase(Locale.ROOT).matches("(application/x-www-form-urlencoded|multipart/).*");
    }

    private HttpCredentials.Verdict judge(HttpServerRequest request) {
        return credentials.judge(
                request.getHeader(HttpHeaders.AUTHORIZATION),
                request.remoteAddress().hostAddress());
    }

    /** Answers with what is wrong, or, to one who brings no password where one is needed, with no more than whether something is. */
    private void health(RoutingContext ctx) {
        if (judge(ctx.request()) == HttpCredentials.Verdict.RIGHT) {
            new HealthAnswer(context).tell(ctx);
        } else {
            new HealthAnswer(context).tellStateAlone(ctx);
        }
    }

    /** Says that nothing is there, or what may be done there instead; not before all routes are there. */
    private void nothingThere(RoutingContext ctx) {
        Set<String> allowed = new TreeSet<>();
        List<RestRegistry.RestService> services =
                PluginHelper.getRestRegistry(context).listAllRestServices();
        for (RestRegistry.RestService service : services) {
            if (service.getMethod() != null && matches(service, ctx.normalizedPath())) {
                allowed.add(service.getMethod().toUpperCase(Locale.ROOT));
            }
        }
        boolean onHold = services.isEmpty() && ctx.normalizedPath().matches("/(api|webhooks)/.*");
        if (!context.isStarted() || onHold) {
            ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_AFTER_SECONDS));
            new Problem(UNAVAILABLE, "Not now", "the program starts, stops or is on hold: /observe/health says more")
                    .answer(ctx);
        } else if (allowed.isEmpty()) {
            new Problem(404, "Nothing there", "GET /api/openapi.json lists what is").answer(ctx);
        } else if (allowed.contains(ctx.request().method().name())) {
            String accept = ctx.request().getHeader(HttpHeaders.ACCEPT);
            boolean readsAnswer = accept == null || accept.contains("*/*") || accept.contains("json");
            Problem problem = readsAnswer
                    ? new Problem(415, "Content-Type is not read", "GET /api/openapi.json lists those that are")
                    : new Problem(406, "Only JSON is answered", "let Accept have application/json");
            problem.answer(ctx);
        } else {
            ctx.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
            new Problem(405, "Another method", "allowed here: " + String.join(", ", allowed)).answer(ctx);
        }
    }

    private static boolean matches(RestRegistry.RestService service, String path) {
        String pattern = (service.getBasePath() == null ? "" : service.getBasePath())
                + (service.getUriTemplate() == null ? "" : service.getUriTemplate());
        return path.matches(("/" + pattern).replaceAll("//+", "/").replaceAll("\\{[^}]*}", "[^/]+"));
    }

    private static void failed(RoutingContext ctx) {
        int status = ctx.statusCode() < 400 ? 500 : ctx.statusCode();
        if (status == 500) {
            LOG.error("A request failed: {}", LogText.describe(ctx.failure(), IllegalStateException.class));
        }
        String title = status == 413 ? "Too large" : status < 500 ? NO_HTTP : "The request failed";
        new Problem(status, title, null).answer(ctx);
    }
}
