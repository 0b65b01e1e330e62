package dev.pearlroutes.sandbox;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** The behaviour of a sandbox. Each option has a default; options on what the vendor leaves open say so. */
public final class SandboxOptions {
    String token = "sandbox-account:sandbox-secret";
    final Map<String, String> outbounds = new LinkedHashMap<>();
    int port;
    SSLContext tls;
    Duration latency = Duration.ZERO;
    double speed;
    InstantSource clock = InstantSource.system();
    int maxPage = 100;
    boolean refuseOverMaxPage;
    boolean searchCoversExternalId = true;
    Set<String> externalSpellings = Set.of("Extrenal");
    int unknownIdStatus = 400;
    boolean timeZoneAsNumber;
    boolean exclusiveBounds;
    Duration longestRange;
    Set<CollectedDataShape> collectedData = EnumSet.allOf(CollectedDataShape.class);
    String contentType = "application/json; charset=utf-8";
    int maxBody = 1 << 20;
    final Map<String, WebhookTarget> webhooks = new LinkedHashMap<>();

    /** {@code accountId:secretKey}. */
    public SandboxOptions token(String token) {
        this.token = token;
        return this;
    }

    /** An outbound that exists; any other id is refused. */
    public SandboxOptions outbound(String id, String name) {
        outbounds.put(id, name);
        return this;
    }

    /** On 127.0.0.1; 0, the default, takes a free one. */
    public SandboxOptions port(int port) {
        this.port = port;
        return this;
    }

    /** Serves HTTPS; null, the default, HTTP. */
    public SandboxOptions tls(SSLContext tls) {
        this.tls = tls;
        return this;
    }

    /** Between the effect and its answer; default none. */
    public SandboxOptions latency(Duration latency) {
        this.latency = latency;
        return this;
    }

    /**
     * Simulates calls to each added lead; off by default. At 1 the first outcomes come within 10 s of adding and all are
     * final within 60 s; at 2 in half the time.
     */
    public SandboxOptions simulateCalls(double speed) {
        this.speed = speed;
        return this;
    }

    /** Drives the simulation, the rate limit and the times in answers; default the system's. */
    public SandboxOptions clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /** Largest page (default 100); what happens to a larger limit is unknown: a shorter page (default) or a 400. */
    public SandboxOptions maxPage(int rows, boolean refuseMore) {
        this.maxPage = rows;
        this.refuseOverMaxPage = refuseMore;
        return this;
    }

    /** Whether searchInput of Search Leads looks into externalId (default true) is not documented. */
    public SandboxOptions searchCoversExternalId(boolean covers) {
        this.searchCoversExternalId = covers;
        return this;
    }

    /** Spellings of the look-up path that exist, none for no such path; the documentation has {@code Extrenal} (default). */
    public SandboxOptions externalSpellings(String... spellings) {
        this.externalSpellings = Set.of(spellings);
        return this;
    }

    /** Status for an unknown outbound, lead or call: 400 was seen in production (default), 404 is plausible. */
    public SandboxOptions unknownIdStatus(int status) {
        this.unknownIdStatus = status;
        return this;
    }

    /** Whether timeZone in answers is a number (hours from UTC) instead of the name given (default); unknown. */
    public SandboxOptions timeZoneAsNumber(boolean asNumber) {
        this.timeZoneAsNumber = asNumber;
        return this;
    }

    /** Whether calls that start exactly at fromDate or toDate are left out of Get Calls (default: not) is not documented. */
    public SandboxOptions exclusiveBounds(boolean exclusive) {
        this.exclusiveBounds = exclusive;
        return this;
    }

    /** Longest range of dates of Get Calls, more is a 400; null, the default, is any: none is documented. */
    public SandboxOptions longestRange(Duration longest) {
        this.longestRange = longest;
        return this;
    }

    /** Places of an answer in which the collected data stands (default everywhere): which of the places are filled is not documented. */
    public SandboxOptions collectedData(CollectedDataShape... shapes) {
        collectedData = Set.of(shapes);
        return this;
    }

    /** Of answers with a body; the documentation declares some JSON answers as {@code text/plain}. */
    public SandboxOptions contentType(String contentType) {
        this.contentType = contentType;
        return this;
    }

    /** Largest request body in bytes (default 1 MiB); more is a 413. */
    public SandboxOptions maxBody(int bytes) {
        this.maxBody = bytes;
        return this;
    }

    /** Posts what happens to the calls and leads of an outbound; none by default. */
    public SandboxOptions webhooks(String outboundId, WebhookTarget target) {
        webhooks.put(outboundId, target);
        return this;
    }

    /** Starts a sandbox with these settings. */
    public Sandbox start() {
        return new Sandbox(this);
    }
}
