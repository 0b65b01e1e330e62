package speed;

import java.util.List;
import java.util.Map;

/**
 * One measurement of the table.
 *
 * @param what in words
 * @param targets to be reached by the medians of its figures
 */
record Row(String name, String what, List<Target> targets, Measurement measurement) {

    /** Makes one run. */
    interface Measurement {
        /** @return figures by name, in the order to be shown */
        Map<String, Double> run() throws Exception;
    }

    /** @param figure of which it is */
    record Target(String figure, boolean atLeast, double bound) {
        static Target atLeast(String figure, double bound) {
            return new Target(figure, true, bound);
        }

        static Target atMost(String figure, double bound) {
            return new Target(figure, false, bound);
        }

        boolean reachedBy(double value) {
            return atLeast ? value >= bound : value <= bound;
        }

        @Override
        public String toString() {
            return figure + (atLeast ? " ≥ " : " ≤ ") + bound;
        }
    }
}
