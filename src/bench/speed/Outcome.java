package speed;

/**
 * How a client did its job.
 *
 * @param firstPut seconds from the start of the process
 * @param cpu µs a lead from the start of the process to the end of its work
 * @param warmCpu the same of the second half of the leads
 * @param peakMegabytes the most memory that the process had
 */
record Outcome(Stats stats, double firstPut, double cpu, double warmCpu, long peakMegabytes) {}
