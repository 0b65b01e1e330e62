package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxOptions;
import dev.pearlroutes.sandbox.WebhookTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** The sandbox of a first run, with simulated calls and a sample file. */
final class Demo implements AutoCloseable {
    private static final String SAMPLE = "sample-leads.csv";

    /** A suppression list, with a number that the sample does not have. */
    private static final String LIST = "sample-do-not-call.csv";

    private static final String LIST_TEXT = "phoneNumber\n+33199009999\n";
    private static final Duration LATENCY = Duration.ofMillis(50);

    private final String token;
    private final Sandbox sandbox;

    /** @param server address of the program's own HTTP server, to which outbounds with a secret have their webhooks posted */
    Demo(List<Outbound> outbounds, String server) {
        byte[] secret = new byte[12];
        new SecureRandom().nextBytes(secret);
        this.token = "sandbox:" + HexFormat.of().formatHex(secret);
        SandboxOptions options =
                new SandboxOptions().token(token).latency(LATENCY).simulateCalls(1);
        for (Outbound outbound : outbounds) {
            options.outbound(outbound.id(), outbound.name());
            if (outbound.webhookSecret() != null) {
                options.webhooks(
                        outbound.id(),
                        new WebhookTarget(
                                URI.create(server + "/webhooks/" + outbound.name()),
                                outbound.webhookSecret().reveal(),
                                WebhookTarget.Payload.V2,
                                true));
            }
        }
        this.sandbox = options.start();
    }

    URI url() {
        return sandbox.url();
    }

    String token() {
        return token;
    }

    /** Drops the sample file into an inbox and a suppression list beside it, as a person would drop them. */
    void dropSample(DataFolders folders, AtomicFiles atomicFiles, String outbound) {
        Path target = folders.inbox(outbound).resolve(SAMPLE);
        try (InputStream sample = Sandbox.class.getResourceAsStream(SAMPLE)) {
            atomicFiles.write(folders.suppress().resolve(LIST), LIST_TEXT);
            atomicFiles.write(target, new String(sample.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the sample cannot be dropped into " + target.getParent(), e);
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
