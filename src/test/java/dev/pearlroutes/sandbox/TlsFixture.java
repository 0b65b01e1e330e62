package dev.pearlroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate for 127.0.0.1 and localhost, made by the JDK's keytool, as the JDK has no public API for it.
 *
 * @param server for {@link SandboxOptions#tls}
 * @param client trusts that certificate alone
 * @param trustStore PKCS12 with the certificate, for clients configured by file
 * @param password of the stores
 * @param keyStore PKCS12 with the key, for servers configured by file
 * @param certificate in PEM, for clients configured by a file without a password
 */
public record TlsFixture(
        SSLContext server, SSLContext client, Path trustStore, String password, Path keyStore, Path certificate) {
    private static final String PASSWORD = "changeit";

    /** @param directory where the stores are written, a test's temporary one */
    public static TlsFixture in(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        Path keys = directory.resolve("keys.p12");
        Path output = directory.resolve("keytool.txt");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "sandbox",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(keytool.waitFor()).as(() -> read(output)).isZero();

        KeyStore key = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            key.load(in, PASSWORD.toCharArray());
        }
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("sandbox", key.getCertificate("sandbox"));
        Path trustStore = directory.resolve("trust.p12");
        try (var out = Files.newOutputStream(trustStore)) {
            trust.store(out, PASSWORD.toCharArray());
        }

        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(key, PASSWORD.toCharArray());
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(keyManagers.getKeyManagers(), null, null);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trust);
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, trustManagers.getTrustManagers(), null);
        Path certificate = directory.resolve("certificate.pem");
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.getCertificate("sandbox").getEncoded());
        Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
        return new TlsFixture(server, client, trustStore, PASSWORD, keys, certificate);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
