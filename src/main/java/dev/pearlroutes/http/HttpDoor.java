package dev.pearlroutes.http;

import dev.pearlroutes.config.Http;
import dev.pearlroutes.files.LogText;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.StaticService;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.spi.RestRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of the HTTP server, before anything of a request is read: where it was sent to, which page sent it, who sent it, and how
 * much it brings. Health needs no password and names nothing then; webhooks bring a credential of their own.
 */
public final class HttpDoor extends ServiceSupport implements CamelContextAware, StaticService {
    static final int UNAVAILABLE = 503;
    static final int RETRY_AFTER_SECONDS = 5;

    /** Bytes of the largest body, as of the largest message. */
    public static final int MAX_BODY = 32 << 20;

    /** Bytes of the largest body of a webhook, which anybody may send. */
    private static final int MAX_WEBHOOK = 2 << 20;

    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(60);
    private static final String WEBHOOKS = "/webhooks/";
    private static final String HEALTH = "/observe/health";
    private static final Set<String> OF_THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final int FIRST = -1_000;
    private static final int LAST = Integer.MAX_VALUE;

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
    private final int port;
    private final HttpCredentials credentials;
    private final BodyBudget bodies = new BodyBudget(4L * MAX_BODY);
    private final BodyBudget webhookBodies = new BodyBudget(16L * MAX_WEBHOOK);
    private CamelContext context;
    private HttpServer webhooks;

    /** @param port that the server listens on */
    public HttpDoor(Http http, int port) {
        this.http = http;
        this.port = port;
        this.credentials = new HttpCredentials(http);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    @Override
    protected void doStart() throws Exception {
        VertxPlatformHttpRouter router =
                VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
        router.route().order(FIRST).handler(this::enter).failureHandler(HttpDoor::failed);
        router.route().order(LAST).handler(this::nothingThere);
        if (http.webhooksPort() != null) {
            HttpServerOptions options = new HttpServerOptions().setIdleTimeout((int) BODY_TIMEOUT.toSeconds());
            webhooks = router.vertx().createHttpServer(options).requestHandler(router);
            await(webhooks.listen(http.webhooksPort()));
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (webhooks != null) {
            await(webhooks.close());
        }
    }

    private static void await(io.vertx.core.Future<?> task) throws InterruptedException, ExecutionException {
        task.toCompletionStage().toCompletableFuture().get();
    }

    private void enter(RoutingContext ctx) {
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
        if (path.startsWith(WEBHOOKS)) {
            // Whatever the platform calls it: the fields of a form would become headers.
            request.headers().set(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
            readBody(ctx, webhookBodies, MAX_WEBHOOK);
        } else if (http.webhooksPort() != null && request.localAddress().port() == http.webhooksPort()) {
            refuse(ctx, new Problem(404, "Nothing there", "this port takes webhooks alone"));
        } else if (path.equals(HEALTH) || path.startsWith(HEALTH + "/")) {
            health(ctx);
        } else if (!sentHere(request)) {
            refuse(ctx, new Problem(403, "Foreign host", "add the name that it was sent to to http.allowed-hosts"));
        } else if (isForeignPage(request)) {
            refuse(ctx, new Problem(403, "Foreign page", "requests by pages of other sites are refused"));
        } else {
            identify(ctx);
        }
    }

    private void identify(RoutingContext ctx) {
        switch (judge(ctx.request())) {
            case RIGHT -> {
                // Nothing behind the door needs to know it.
                ctx.request().headers().remove(HttpHeaders.AUTHORIZATION);
                if (isForm(ctx.request())) {
                    close(
                            ctx,
                            new Problem(
                                    415,
                                    "Forms are not read",
                                    "send JSON: GET /api/openapi.json says where what is read"));
                } else {
                    readBody(ctx, bodies, MAX_BODY);
                }
            }
            case TOO_MANY -> {
                ctx.response().putHeader(HttpHeaders.RETRY_AFTER, "60");
                refuse(ctx, new Problem(429, "Too many wrong passwords", "wait a minute"));
            }
            default -> {
                if (http.password() != null) {
                    ctx.response().headers().add("WWW-Authenticate", "Basic realm=\"pearl-routes\", charset=\"UTF-8\"");
                }
                if (http.token() != null) {
                    ctx.response().headers().add("WWW-Authenticate", "Bearer realm=\"pearl-routes\"");
                }
                refuse(ctx, new Problem(401, "Password or token needed", null));
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

    /** Tells whether a request was sent to a name of this server: a foreign one may lead here by an attacker's name server. */
    private boolean sentHere(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null) {
            return false;
        }
        String host = authority.host().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        return OF_THIS_MACHINE.contains(host)
                || host.equals(http.host())
                || host.equals(request.localAddress().hostAddress())
                || http.allowedHosts().contains(host);
    }

    /** Tells whether the page of another site has a browser make the request; to be led here by a link is no harm. */
    private static boolean isForeignPage(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean followsLink =
                request.method() == HttpMethod.GET && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
        if (site != null && !Set.of("same-origin", "none").contains(site) && !followsLink) {
            return true;
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return false;
        }
        try {
            URI page = URI.create(origin);
            HostAndPort here = request.authority();
            return !here.host().equalsIgnoreCase(page.getHost()) || here.port() != page.getPort();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** Lets a request on to its route, once there is memory for its body; a body that comes too slowly is given up. */
    private static void readBody(RoutingContext ctx, BodyBudget budget, int most) {
        HttpServerRequest request = ctx.request();
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean chunked = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        if (length == null && !chunked) {
            ctx.next();
            return;
        }
        // Vert.x has checked that it is a number.
        long bytes = length == null ? most : Long.parseLong(length);
        if (bytes > most) {
            close(ctx, new Problem(413, "Too large", "a body has at most " + most + " bytes: send it in parts"));
        } else if (!budget.take(bytes)) {
            ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_AFTER_SECONDS));
            close(ctx, new Problem(UNAVAILABLE, "Too many requests at once", "send it again in a moment"));
        } else {
            long timer = ctx.vertx().setTimer(BODY_TIMEOUT.toMillis(), id -> {
                if (!request.isEnded()) {
                    close(
                            ctx,
                            new Problem(
                                    408,
                                    "Too slow",
                                    "the body did not come within " + BODY_TIMEOUT.toSeconds() + " s"));
                }
            });
            ctx.addEndHandler(end -> {
                ctx.vertx().cancelTimer(timer);
                budget.release(bytes);
            });
            ctx.next();
        }
    }

    /** Answers with what is wrong, or, to one who brings no password where one is needed, with no more than whether something is. */
    private void health(RoutingContext ctx) {
        if (judge(ctx.request()) == HttpCredentials.Verdict.RIGHT) {
            ctx.next();
            return;
        }
        ctx.vertx()
                .executeBlocking(() -> isUp(HealthCheckHelper.invoke(context)), false)
                .onSuccess(up -> ctx.response()
                        .setStatusCode(up ? 200 : UNAVAILABLE)
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end("{\"status\":\"" + (up ? "UP" : "DOWN") + "\"}"))
                .onFailure(ctx::fail);
    }

    private static boolean isUp(Collection<HealthCheck.Result> results) {
        return results.stream().allMatch(result -> result.getState() == HealthCheck.State.UP);
    }

    /** Says that nothing is there, or what may be done there instead. */
    private void nothingThere(RoutingContext ctx) {
        Set<String> allowed = new TreeSet<>();
        List<RestRegistry.RestService> services =
                PluginHelper.getRestRegistry(context).listAllRestServices();
        for (RestRegistry.RestService service : services) {
            if (service.getMethod() != null && matches(service, ctx.normalizedPath())) {
                allowed.add(service.getMethod().toUpperCase(Locale.ROOT));
            }
        }
        if (allowed.isEmpty()) {
            refuse(ctx, new Problem(404, "Nothing there", "GET /api/openapi.json lists what is"));
        } else if (allowed.contains(ctx.request().method().name())) {
            String accept = ctx.request().getHeader(HttpHeaders.ACCEPT);
            boolean readsAnswer = accept == null || accept.contains("*/*") || accept.contains("json");
            refuse(
                    ctx,
                    readsAnswer
                            ? new Problem(415, "Content-Type is not read", "GET /api/openapi.json lists those that are")
                            : new Problem(406, "Only JSON is answered", "let Accept have application/json"));
        } else {
            ctx.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
            refuse(ctx, new Problem(405, "Another method", "allowed here: " + String.join(", ", allowed)));
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
        refuse(ctx, new Problem(status, status == 413 ? "Too large" : "The request failed", null));
    }

    private static void close(RoutingContext ctx, Problem problem) {
        ctx.response().putHeader(HttpHeaders.CONNECTION, "close");
        ctx.addEndHandler(end -> ctx.request().connection().close());
        refuse(ctx, problem);
    }

    private static void refuse(RoutingContext ctx, Problem problem) {
        if (!ctx.response().ended()) {
            ctx.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.CONTENT_TYPE)
                    .end(problem.json());
        }
    }
}
