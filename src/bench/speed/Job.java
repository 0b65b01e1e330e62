package speed;

/**
 * What a client has to send.
 *
 * @param files that lie in its inbox when it starts
 * @param firstLead number of the first lead; the others follow
 * @param server settings of the {@link Api}
 * @param javaOpts of pearl-routes
 * @param config lines for its configuration
 */
record Job(int files, int leadsPerFile, long firstLead, String server, String javaOpts, String config) {

    static Job of(int leads, String server) {
        return new Job(1, leads, 0, server, "", "");
    }

    Job inFiles(int number) {
        return new Job(number, leadsPerFile / number, firstLead, server, javaOpts, config);
    }

    Job withJavaOpts(String options) {
        return new Job(files, leadsPerFile, firstLead, server, options, config);
    }

    /** With leads that this ledger does not know. */
    Job withLedger(String url) {
        return new Job(files, leadsPerFile, System.nanoTime(), server, javaOpts, "ledger.url=" + url);
    }

    int leads() {
        return files * leadsPerFile;
    }
}
