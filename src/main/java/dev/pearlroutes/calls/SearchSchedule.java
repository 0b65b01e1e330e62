package dev.pearlroutes.calls;

import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;

/** The times at which the calls of outbounds are searched, and searches between them. Quartz keeps two of one outbound apart. */
public final class SearchSchedule implements CamelContextAware {
    /** As the route {@code search-calls} names it. */
    private static final String GROUP = "search-calls";

    private CamelContext context;

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    /** Answers when the calls of an outbound are searched next; empty when no search is planned, as on hold. */
    public Optional<Instant> next(String outbound) {
        try {
            Trigger trigger = scheduler().getTrigger(new TriggerKey(outbound, GROUP));
            Date next = trigger == null ? null : trigger.getNextFireTime();
            return Optional.ofNullable(next).map(Date::toInstant);
        } catch (SchedulerException e) {
            return Optional.empty();
        }
    }

    /**
     * Searches the calls of an outbound now: by the run that its cron begins, and after the one that is under way. One that is asked
     * for and has not begun takes in every later wish.
     *
     * @return false when its calls are not searched, as on hold
     */
    public synchronized boolean searchNow(String outbound) {
        try {
            JobKey job = new JobKey(outbound, GROUP);
            if (!scheduler().checkExists(job)) {
                return false;
            }
            if (scheduler().getTriggersOfJob(job).size() == 1) {
                scheduler().triggerJob(job);
            }
            return true;
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not answer", e);
        }
    }

    private Scheduler scheduler() {
        return context.getComponent("quartz", QuartzComponent.class).getScheduler();
    }
}
