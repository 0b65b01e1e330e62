package dev.pearlroutes.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads and checks to whom the troubles of the program are reported. */
final class OpsSettings {
    private OpsSettings() {}

    static Ops read(ConfigSource source, Set<String> outbounds) {
        List<String> sinks = source.read(Keys.OPS_SINKS, null);
        Map<String, String> expected = new HashMap<>();
        for (String outbound : outbounds) {
            String cron = source.read(Keys.EXPECT_FILE, outbound);
            if (cron != null) {
                expected.put(outbound, cron);
            }
        }
        return new Ops(
                sinks == null ? List.of() : sinks,
                HttpTarget.read(source, sinks, HttpTarget.SinkKeys.OF_OPS, null),
                source.read(Keys.OPS_JMS_SINK_QUEUE, null),
                Map.copyOf(expected),
                mail(source));
    }

    private static Ops.Mail mail(ConfigSource source) {
        List<String> to = source.read(Keys.OPS_MAIL_TO, null);
        Integer port = source.read(Keys.OPS_MAIL_PORT, null);
        Ops.Mail mail = new Ops.Mail(
                source.read(Keys.OPS_MAIL_HOST, null),
                port == null ? 0 : port,
                source.read(Keys.OPS_MAIL_TLS, null),
                source.read(Keys.OPS_MAIL_USERNAME, null),
                source.read(Keys.OPS_MAIL_PASSWORD, null),
                source.read(Keys.OPS_MAIL_FROM, null),
                to == null ? List.of() : to,
                source.read(Keys.OPS_MAIL_DELAY, null),
                source.read(Keys.OPS_MAIL_PAUSE, null));
        if (mail.host() == null) {
            return null;
        }
        require(source, Keys.OPS_MAIL_FROM, "who mails are from");
        require(source, Keys.OPS_MAIL_TO, "who mails are for");
        if (mail.tls() == Ops.Tls.NONE && !Http.isLoopback(mail.host())) {
            source.refuse(
                    Keys.OPS_MAIL_TLS.name(),
                    "without TLS the password would cross the network in clear: none is for a mail server on this machine only"
                            + " (localhost, 127.0.0.1, ::1)");
        }
        return mail;
    }

    private static void require(ConfigSource source, Key<?> key, String what) {
        if (!source.isSet(key.name())) {
            source.require(key.name(), Keys.OPS_MAIL_HOST.name() + " needs an address: write " + what);
        }
    }

    static void check(Ops ops, Jms jms, List<Outbound> outbounds, ConfigSource source) {
        if (!ops.sinks().contains("jms")) {
            return;
        }
        if (!jms.on()) {
            source.refuse(
                    Keys.OPS_SINKS.name(),
                    "the sink jms needs a broker: set jms.broker-url (JMS_BROKER_URL), or take jms out");
        }
        boolean ofLeads =
                outbounds.stream().anyMatch(outbound -> outbound.leadQueue().equals(ops.jmsSinkQueue()));
        if (ofLeads
                || Set.of(Jms.LEADS, Jms.LEAD_UPDATES, jms.deadLetterQueue()).contains(ops.jmsSinkQueue())) {
            source.refuse(Keys.OPS_JMS_SINK_QUEUE.name(), "this queue has another purpose already: take another");
        }
    }
}
