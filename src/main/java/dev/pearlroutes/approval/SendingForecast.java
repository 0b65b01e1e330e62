package dev.pearlroutes.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.model.ReleaseRate;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import java.util.Map;

/** How long the sending of leads would take, by the rate that is known now and by the waves of their outbound. */
public final class SendingForecast {
    private final AdaptiveRate rate;
    private final Map<String, ReleaseRate> releases;

    /** @param releases by outbound; those that release their files in waves */
    public SendingForecast(AdaptiveRate rate, Map<String, ReleaseRate> releases) {
        this.rate = rate;
        this.releases = Map.copyOf(releases);
    }

    /** Adds the forecast to a receipt; no time when nothing limits the sending. */
    void addTo(ObjectNode receipt, String outbound, long leads) {
        ReleaseRate waves = releases.get(outbound);
        if (waves != null) {
            receipt.put("release", waves.toString());
        }
        double perSecond = rate.perSecond();
        long waiting = waves == null ? 0 : waves.waitOf(leads).toSeconds();
        if (perSecond < Double.POSITIVE_INFINITY) {
            receipt.put("leadsPerSecond", Math.round(10 * perSecond) / 10.0);
            receipt.put("estimatedSeconds", Math.max(waiting, (long) Math.ceil(leads / perSecond)));
        } else if (waiting > 0) {
            receipt.put("estimatedSeconds", waiting);
        }
    }
}
