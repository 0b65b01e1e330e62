package dev.pearlroutes.http;

import dev.pearlroutes.config.ConfigurationException;
import dev.pearlroutes.config.Http;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/** The private key and certificate of the HTTP server. */
final class ServerKeys {
    private ServerKeys() {}

    /** @throws ConfigurationException when the key store cannot be read, has no private key, or has another password */
    static KeyCertOptions read(Http.KeyStore given) {
        char[] password = given.password().reveal().toCharArray();
        try {
            KeyStore store = KeyStore.getInstance(given.file().toFile(), password);
            if (Collections.list(store.aliases()).stream().noneMatch(alias -> isKey(store, alias))) {
                throw new ConfigurationException("http.key-store (HTTP_KEY_STORE): " + given.file()
                        + " has no private key: put the server's key and certificate into it");
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            return KeyCertOptions.wrap((X509KeyManager) keys.getKeyManagers()[0]);
        } catch (IOException | GeneralSecurityException e) {
            if (e instanceof UnrecoverableKeyException || e.getCause() instanceof UnrecoverableKeyException) {
                throw new ConfigurationException("http.key-store-password (HTTP_KEY_STORE_PASSWORD): it does not open "
                        + given.file() + ": set the password that the key store and its key have");
            }
            throw new ConfigurationException("http.key-store (HTTP_KEY_STORE): " + given.file()
                    + " is no key store that can be read: make it as PKCS12 or JKS");
        }
    }

    private static boolean isKey(KeyStore store, String alias) {
        try {
            return store.isKeyEntry(alias);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
