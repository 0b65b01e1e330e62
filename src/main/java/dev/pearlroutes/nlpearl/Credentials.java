package dev.pearlroutes.nlpearl;

import java.net.URI;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;

/**
 * Adds the account's credentials to requests to the API's own host, below Camel: so they are in no header of an exchange, and
 * no other host that a route may talk to ever gets them.
 */
public final class Credentials implements HttpClientConfigurer {
    private final HttpHost api;
    private final String authorization;

    /** @param token {@code accountId:secretKey} */
    public Credentials(URI baseUrl, String token) {
        int port =
                baseUrl.getPort() >= 0 ? baseUrl.getPort() : baseUrl.getScheme().equals("https") ? 443 : 80;
        this.api = new HttpHost(baseUrl.getScheme(), baseUrl.getHost(), port);
        this.authorization = "Bearer " + token;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.addRequestInterceptorLast((request, entity, context) -> {
            HttpHost target = HttpClientContext.cast(context).getHttpRoute().getTargetHost();
            int port = target.getPort() >= 0
                    ? target.getPort()
                    : target.getSchemeName().equals("https") ? 443 : 80;
            if (api.equals(new HttpHost(target.getSchemeName(), target.getHostName(), port))) {
                request.setHeader("Authorization", authorization);
            }
        });
    }
}
