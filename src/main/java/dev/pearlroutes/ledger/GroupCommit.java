package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.Ledger.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * The commit of many works with one sync of the disk: of the threads that want to commit, one takes the works of the others into
 * its transaction. Many small commits from many threads then cost little more than one.
 */
final class GroupCommit implements Commits {
    /** Most works of a transaction: enough for every consumer of a queue, few enough that none waits long for the others. */
    private static final int MOST = 64;

    private final Commits transactions;
    private final Queue<Waiting<?>> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore turn = new Semaphore(1);

    GroupCommit(Commits transactions) {
        this.transactions = transactions;
    }

    /** Commits work, and returns when it is durable. @throws RuntimeException its own failure or its commit's, and no other's */
    @Override
    public <T> T run(Work<T> work) {
        return inTurn(new Waiting<>(work, false));
    }

    /** Runs work that changes nothing: it needs no commit. */
    @Override
    public <T> T read(Work<T> work) {
        return inTurn(new Waiting<>(work, true));
    }

    private <T> T inTurn(Waiting<T> own) {
        waiting.add(own);
        boolean interrupted = false;
        while (!own.done) {
            if (turn.tryAcquire()) {
                try {
                    commitNext();
                } finally {
                    turn.release();
                    // One of those that came meanwhile is next; none of them waits for the others to wake up.
                    wake(waiting.peek());
                }
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return own.result();
    }

    private static void wake(Waiting<?> one) {
        if (one != null) {
            LockSupport.unpark(one.thread);
        }
    }

    /** Counts the works whose turn has not come. */
    int waiting() {
        return waiting.size();
    }

    private void commitNext() {
        List<Waiting<?>> group = new ArrayList<>();
        for (Waiting<?> next = waiting.poll(); next != null; next = group.size() < MOST ? waiting.poll() : null) {
            group.add(next);
        }
        if (group.size() > 1 && !group.stream().allMatch(each -> each.reads)) {
            try {
                transactions.run(transaction -> {
                    for (Waiting<?> each : group) {
                        each.attempt(transaction);
                    }
                    return null;
                });
                group.forEach(Waiting::end);
                return;
            } catch (RuntimeException e) {
                // Nothing of it was committed: each alone shows which one failed.
            }
        }
        group.forEach(each -> each.runIn(transactions));
    }

    private static final class Waiting<T> {
        private final Work<T> work;
        private final boolean reads;
        private final Thread thread = Thread.currentThread();
        private T result;
        private RuntimeException failure;
        private volatile boolean done;

        private Waiting(Work<T> work, boolean reads) {
            this.work = work;
            this.reads = reads;
        }

        private void attempt(Transaction transaction) {
            result = work.in(transaction);
        }

        private void end() {
            done = true;
            LockSupport.unpark(thread);
        }

        private void runIn(Commits transactions) {
            try {
                result = reads ? transactions.read(work) : transactions.run(work);
            } catch (RuntimeException e) {
                failure = e;
            }
            end();
        }

        private T result() {
            if (failure != null) {
                throw failure;
            }
            return result;
        }
    }
}
