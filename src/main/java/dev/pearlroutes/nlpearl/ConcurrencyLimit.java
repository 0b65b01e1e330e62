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
    private final Semaphore permits;
    private final RequestGate gate;

    /** @param most requests in flight at the same time @param gate passed with a permit, since a request may have waited long for one */
    public ConcurrencyLimit(int most, RequestGate gate) {
        this.permits = new Semaphore(most, true);
        this.gate = gate;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.addExecInterceptorFirst("in-flight", this);
    }

    /** Waits for a permit, and releases it when the answer has begun or none comes. */
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            throw notSent();
        }
        try {
            gate.pass();
            return chain.proceed(request, scope);
        } catch (InterruptedException e) {
            throw notSent();
        } finally {
            permits.release();
        }
    }

    /** Of this kind because nothing was sent; a missing answer would make the lead unknown. */
    private static IOException notSent() {
        Thread.currentThread().interrupt();
        return new ConnectionRequestTimeoutException("interrupted while it waited for a permit");
    }
}
