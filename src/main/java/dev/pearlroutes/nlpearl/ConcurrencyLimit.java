package dev.pearlroutes.nlpearl;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;

/**
 * The cap on the account's requests in flight, of all kinds together. Camel makes a client with a connection pool of its own for
 * each endpoint, so the size of the pool caps the endpoint only.
 */
public final class ConcurrencyLimit implements HttpClientConfigurer, ExecChainHandler {
    private final Semaphore places;

    /** @param most requests in flight at the same time */
    public ConcurrencyLimit(int most) {
        this.places = new Semaphore(most, true);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.addExecInterceptorFirst("in-flight", this);
    }

    /** Waits for a place, and gives it back when the answer has begun or there is none. */
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try {
            places.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // Of this kind, since nothing was sent: an answer that never came would be another matter.
            throw new ConnectionRequestTimeoutException("interrupted while it waited for its turn");
        }
        try {
            return chain.proceed(request, scope);
        } finally {
            places.release();
        }
    }
}
