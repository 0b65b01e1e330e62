package dev.pearlroutes.delivery;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * The client of HTTP sinks. Its timeouts are for one step each, and a receiver that sends a byte now and then outlasts them all,
 * so a request as a whole has a deadline. It uses neither the account's credentials nor its places in flight.
 */
public final class HttpSinkClient implements HttpClientConfigurer, ExecChainHandler {
    /** Longest time of a request: a shutdown waits for it, and must end within 30 s. */
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private final Duration deadline;

    public HttpSinkClient() {
        this(DEADLINE);
    }

    /** @param deadline from the connecting to the end of the answer */
    HttpSinkClient(Duration deadline) {
        this.deadline = deadline;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.disableCookieManagement();
        builder.addExecInterceptorFirst("deadline", this);
    }

    /** Reads the answer to its end, which is of no use otherwise: its status is the answer, whatever becomes of its body. */
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        CompletableFuture<Boolean> inTime =
                new CompletableFuture<Boolean>().completeOnTimeout(false, deadline.toMillis(), TimeUnit.MILLISECONDS);
        inTime.thenAccept(ended -> {
            if (!ended) {
                ((Cancellable) scope.originalRequest).cancel();
            }
        });
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            discardBody(response);
            return response;
        } catch (IOException e) {
            if (inTime.isDone()) {
                throw new SocketTimeoutException("no answer within " + deadline.toMillis() + " ms");
            }
            throw e;
        } finally {
            inTime.complete(true);
        }
    }

    private static void discardBody(ClassicHttpResponse response) throws IOException {
        try {
            EntityUtils.consume(response.getEntity());
        } catch (IOException e) {
            // With it the connection, which is in no known state.
            response.close();
        }
        response.setEntity(null);
    }
}
