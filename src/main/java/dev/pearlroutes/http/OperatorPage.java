package dev.pearlroutes.http;

import dev.pearlroutes.files.Digests;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The operator's page: a few files of this program, handed out from memory to those whom the door lets in. All that it shows it asks
 * by the HTTP API.
 */
final class OperatorPage {
    /** A browser runs and shows nothing on the page but these files, and lets it speak to this program alone. */
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    private static final String START = "index.html";
    private static final List<String> FILES =
            List.of(START, "page.css", "page.js", "api.js", "charts.js", "dom.js", "parts.js", "story.js", "upload.js");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8");

    private OperatorPage() {}

    /** Has a router answer with the page, before the handlers that come after {@code order}. */
    static void serve(Router router, int order) {
        for (String name : FILES) {
            byte[] bytes = read(name);
            String tag = '"' + Digests.sha256(bytes).substring(0, 32) + '"';
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            router.route(name.equals(START) ? "/" : "/page/" + name)
                    .method(HttpMethod.GET)
                    .method(HttpMethod.HEAD)
                    .order(order)
                    .handler(ctx -> answer(ctx, bytes, type, tag));
        }
    }

    private static void answer(RoutingContext ctx, byte[] bytes, String type, String tag) {
        HttpServerResponse answer = ctx.response()
                .putHeader("Content-Security-Policy", POLICY)
                // Asked for again each time, so that an upgrade shows at once; answered by 304 as long as it is the
                // same.
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.ETAG, tag);
        if (tag.equals(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            answer.setStatusCode(304).end();
        } else {
            answer.putHeader(HttpHeaders.CONTENT_TYPE, type);
            if (ctx.request().method() == HttpMethod.HEAD) {
                answer.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length))
                        .end();
            } else {
                answer.end(Buffer.buffer(bytes));
            }
        }
    }

    private static byte[] read(String name) {
        try (InputStream in = OperatorPage.class.getResourceAsStream("page/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the program is not whole: it lacks the file " + name + " of its page", e);
        }
    }
}
