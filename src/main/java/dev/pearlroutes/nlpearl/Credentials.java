package dev.pearlroutes.nlpearl;

import java.net.URI;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;

/**
 * Adds the account's credentials to requests to the API's own host, below Camel: so they are in no header of an exchange, and
 * no other host that a route may talk to ever gets them.
 */
public final class Credentials implements HttpClientConfigurer {
    private final ApiHost api;
    private final String authorization;

    /** @param token {@code accountId:secretKey} */
    public Credentials(URI baseUrl, String token) {
        this.api = new ApiHost(baseUrl);
        this.authorization = "Bearer " + token;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.addRequestInterceptorLast((request, entity, context) -> {
            if (api.is(HttpClientContext.cast(context).getHttpRoute().getTargetHost())) {
                request.setHeader("Authorization", authorization);
            }
        });
    }
}
