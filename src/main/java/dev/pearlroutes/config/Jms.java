package dev.pearlroutes.config;

/**
 * The connection to a broker.
 *
 * @param brokerUrl {@link #EMBEDDED}, an address of Artemis's client, or {@link #BEAN} and the name of a ConnectionFactory;
 *     null when there are no queues
 * @param username null when there is none
 * @param password null when there is none
 * @param port loopback port of the embedded broker; 0 for any free one
 * @param portChosen whether the operator set the port; then a taken one is an error in the sandbox too
 * @param consumers number of consumers of each queue
 * @param deadLetterQueue queue of the messages that can't be used
 */
public record Jms(
        String brokerUrl,
        String username,
        Secret password,
        int port,
        boolean portChosen,
        int consumers,
        String deadLetterQueue) {

    /** The broker that runs inside this process. */
    public static final String EMBEDDED = "embedded";

    /** The beginning of the address of a provider that the operator added. */
    public static final String BEAN = "bean:";

    /** The queue whose messages name their outbound themselves. */
    public static final String LEADS = "nlpearl.leads";

    /** The queue of updates, whose messages name their outbound themselves. */
    public static final String LEAD_UPDATES = "nlpearl.lead-updates";

    static final String OFF = "off";

    public boolean on() {
        return brokerUrl != null;
    }

    public boolean embedded() {
        return EMBEDDED.equals(brokerUrl);
    }

    /** Returns the name of the operator's ConnectionFactory; null when there is none. */
    public String bean() {
        return on() && brokerUrl.startsWith(BEAN) ? brokerUrl.substring(BEAN.length()) : null;
    }
}
