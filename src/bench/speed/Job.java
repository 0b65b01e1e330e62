package speed;

/**
 * What a client has to send.
 *
 * @param files that lie in its inbox when it starts
 * @param server settings of the {@link Api}
 * @param javaOpts of pearl-routes
 */
record Job(int files, int leadsPerFile, String server, String javaOpts) {

    static Job of(int leads, String server) {
        return new Job(1, leads, server, "");
    }

    Job withJavaOpts(String options) {
        return new Job(files, leadsPerFile, server, options);
    }

    int leads() {
        return files * leadsPerFile;
    }
}
