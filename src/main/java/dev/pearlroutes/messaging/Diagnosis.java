package dev.pearlroutes.messaging;

import dev.pearlroutes.files.LogText;
import jakarta.jms.JMSSecurityException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.remoting.impl.ssl.SSLSupport;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;

/**
 * The cause for which Artemis's client gets no connection, with what to correct. The client keeps the cause to itself, so its first steps are
 * repeated: look the host up, connect, and shake hands by TLS.
 */
final class Diagnosis {
    private static final String URL = "jms.broker-url (JMS_BROKER_URL)";
    /** Milliseconds. */
    private static final int TIMEOUT_MS = 5_000;

    private Diagnosis() {}

    /**
     * Finds the cause of a failure to connect.
     *
     * @param connectors where the client tried; none for another provider's client
     * @return empty when these steps show nothing
     */
    static Optional<String> of(Exception failure, TransportConfiguration... connectors) {
        if (failure instanceof JMSSecurityException) {
            return Optional.of(
                    "it refuses the user: check jms.username (JMS_USERNAME) and jms.password (JMS_PASSWORD)");
        }
        for (TransportConfiguration connector : connectors) {
            Optional<String> problem = of(connector.getParams());
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> of(Map<String, Object> parameters) {
        boolean tls = Boolean.parseBoolean(text(parameters, TransportConstants.SSL_ENABLED_PROP_NAME));
        String host = text(parameters, TransportConstants.HOST_PROP_NAME);
        int port = Integer.parseInt(text(parameters, TransportConstants.PORT_PROP_NAME));
        SSLContext context = null;
        if (tls) {
            try {
                context = context(parameters);
            } catch (Exception e) {
                return Optional.of("its certificate cannot be checked (" + shown(e)
                        + "): let trustStorePath in " + URL + " name a file that can be read, and trustStoreType its"
                        + " kind, such as PEM");
            }
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
            if (tls) {
                handshake(context, socket, host, port, parameters);
            }
            return Optional.empty();
        } catch (SSLException e) {
            return Optional.of(ofTls(e));
        } catch (UnknownHostException e) {
            return Optional.of("there is no host " + LogText.printable(host) + ": check " + URL);
        } catch (IOException e) {
            return Optional.of("nobody answers there (" + shown(e) + ")");
        }
    }

    private static String ofTls(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                boolean otherHost = cause.getClass() == CertificateException.class;
                return "its certificate is not trusted (" + shown(cause) + "): "
                        + (otherHost
                                ? "connect by a name that is in it, in " + URL
                                : "let trustStorePath in " + URL + " name the certificate of its authority")
                        + ", and start again";
            }
        }
        return "it does not speak TLS as expected (" + shown(e) + "): check port and sslEnabled in " + URL;
    }

    private static void handshake(
            SSLContext context, Socket socket, String host, int port, Map<String, Object> parameters)
            throws IOException {
        socket.setSoTimeout(TIMEOUT_MS);
        try (SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true)) {
            String verify = text(parameters, TransportConstants.VERIFY_HOST_PROP_NAME);
            if (verify == null || Boolean.parseBoolean(verify)) {
                SSLParameters checks = secure.getSSLParameters();
                checks.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(checks);
            }
            secure.startHandshake();
        } catch (SSLException e) {
            throw e;
        } catch (IOException e) {
            // A server of another protocol may just wait, or hang up.
            throw new SSLException(e.getMessage(), e);
        }
    }

    private static SSLContext context(Map<String, Object> parameters) throws Exception {
        SSLContextConfig.Builder config = SSLContextConfig.builder()
                .keystorePath(text(parameters, TransportConstants.KEYSTORE_PATH_PROP_NAME))
                .truststorePath(text(parameters, TransportConstants.TRUSTSTORE_PATH_PROP_NAME))
                .trustAll(Boolean.parseBoolean(text(parameters, TransportConstants.TRUST_ALL_PROP_NAME)));
        String keyStoreType = text(parameters, TransportConstants.KEYSTORE_TYPE_PROP_NAME);
        if (keyStoreType != null) {
            config.keystoreType(keyStoreType);
        }
        String trustStoreType = text(parameters, TransportConstants.TRUSTSTORE_TYPE_PROP_NAME);
        if (trustStoreType != null) {
            config.truststoreType(trustStoreType);
        }
        return new SSLSupport(config.build()).createContext();
    }

    private static String text(Map<String, Object> parameters, String name) {
        Object value = parameters.get(name);
        return value == null ? null : value.toString();
    }

    private static String shown(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : LogText.printable(e.getMessage());
    }
}
