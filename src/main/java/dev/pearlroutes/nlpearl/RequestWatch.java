package dev.pearlroutes.nlpearl;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** Tells of every request to the API, below Camel: the wait for a turn and for a place in flight are no part of it. */
public final class RequestWatch implements HttpClientConfigurer, ExecChainHandler {
    /** Takes a request whose answer has begun, or never came; it must be quick, and not fail. */
    public interface Listener {
        /**
         * @param operation one of {@link ApiPaths#OPERATIONS}
         * @param status of the answer; 0 when none came
         */
        void onRequest(String operation, int status, Duration time);
    }

    private final ApiHost api;
    private volatile Listener listener = (operation, status, time) -> {};

    public RequestWatch(URI baseUrl) {
        this.api = new ApiHost(baseUrl);
    }

    /** Tells this one from now on, and no other. */
    public void tell(Listener told) {
        this.listener = told;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        // Whoever is added first later stands before it.
        builder.addExecInterceptorFirst("watch", this);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (!api.is(scope.route.getTargetHost())) {
            return chain.proceed(request, scope);
        }
        long began = System.nanoTime();
        int status = 0;
        try {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            status = answer.getCode();
            return answer;
        } finally {
            listener.onRequest(
                    ApiPaths.operation(request.getMethod(), pathOf(request)),
                    status,
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private static String pathOf(ClassicHttpRequest request) {
        String path = request.getPath();
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
