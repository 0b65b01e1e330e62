package dev.pearlroutes.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The broker and the queues, checked together. */
final class Queues {
    private Queues() {}

    static Jms read(ConfigSource source, PropertiesFile file, boolean sandbox, RuntimeHost host) {
        String set = source.read(Keys.JMS_BROKER_URL, null);
        String url = set != null ? set : sandbox && host.ownProcess() ? Jms.EMBEDDED : Jms.OFF;
        Jms jms = new Jms(
                url.equals(Jms.OFF) ? null : url,
                source.read(Keys.JMS_USERNAME, null),
                source.read(Keys.JMS_PASSWORD, null),
                source.read(Keys.JMS_PORT, null),
                source.isSet(Keys.JMS_PORT.name()),
                source.read(Keys.JMS_CONSUMERS, null),
                source.read(Keys.JMS_DEAD_LETTER_QUEUE, null));
        if (jms.bean() != null && !file.entries().containsKey("camel.beans." + jms.bean())) {
            source.refuse(
                    Keys.JMS_BROKER_URL.name(),
                    "there is no such bean: set camel.beans.<name>=#class: and the class of the provider's ConnectionFactory");
        }
        if (jms.embedded() && !host.ownProcess()) {
            source.refuse(
                    Keys.JMS_BROKER_URL.name(),
                    "an ESB has a broker of its own: write its address, such as tcp://broker:61616, or delete the line to"
                            + " have no queues");
        } else if (jms.embedded() && !sandbox && (jms.username() == null || jms.password() == null)) {
            source.refuse(
                    Keys.JMS_BROKER_URL.name(),
                    "outside the sandbox the embedded broker needs jms.username and jms.password (JMS_PASSWORD), or anybody on"
                            + " this machine could have people called");
        }
        return jms;
    }

    /** Checks that each queue has one meaning, and that no sink feeds a queue of leads. */
    static void check(Jms jms, List<Outbound> outbounds, ConfigSource source) {
        Map<String, String> taken = new HashMap<>(Map.of(Jms.LEADS, "all outbounds", Jms.LEAD_UPDATES, "updates"));
        String of = taken.putIfAbsent(jms.deadLetterQueue(), "dead letters");
        if (of != null) {
            source.refuse(Keys.JMS_DEAD_LETTER_QUEUE.name(), "this queue is already that of " + of + ": take another");
        }
        for (Outbound outbound : outbounds) {
            String other = taken.putIfAbsent(outbound.leadQueue(), "the leads of " + outbound.name());
            if (other != null) {
                refuse(Keys.LEAD_QUEUE, outbound, other, source);
            }
        }
        for (Outbound outbound : outbounds) {
            String other = taken.get(outbound.jmsSinkQueue());
            if (other != null) {
                refuse(Keys.JMS_SINK_QUEUE, outbound, other, source);
            }
            if (outbound.sinks().contains("jms") && !jms.on()) {
                source.refuse(
                        Keys.SINKS.in(outbound.name()),
                        "the sink jms needs a broker: set jms.broker-url (JMS_BROKER_URL), or take jms out");
            }
        }
    }

    private static void refuse(Key<String> key, Outbound outbound, String other, ConfigSource source) {
        source.refuse(key.in(outbound.name()), "this queue is already that of " + other + ": take another");
    }
}
