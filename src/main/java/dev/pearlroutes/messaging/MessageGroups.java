package dev.pearlroutes.messaging;

import jakarta.jms.BytesMessage;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.component.jms.DefaultJmsMessageListenerContainer;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.component.jms.MessageListenerContainerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.listener.AbstractMessageListenerContainer;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * A consumer whose transaction also takes the small messages that are ready behind the first one. Each goes through the route by itself,
 * side by side with the others, and all are acknowledged together after the last one: messages of one lead are sent nearly as fast as the
 * rows of a batch. When one fails, all are delivered again, and the ledger answers for those that were done.
 *
 * <p>{@link Broker} logs the state of the connection; this class does not.
 */
public final class MessageGroups extends DefaultJmsMessageListenerContainer {
    private static final Logger LOG = LoggerFactory.getLogger(MessageGroups.class);

    /** Bytes of a small message: a larger one is read from the broker piece by piece, and nothing may be received meanwhile. */
    private static final long SMALL = 32 << 10;

    /**
     * Bytes of a group without its last message: some hundred leads, since more bring no more speed. All may be under way at the same
     * time, and a power cut makes what is under way unknown.
     */
    private static final long GROUP = 16 << 10;

    /** Milliseconds between attempts to connect: they double from the first to the longest. */
    private static final long FIRST_WAIT_MS = 500;

    private static final long LONGEST_WAIT_MS = 30_000;
    /** Milliseconds. */
    private static final long PAUSE_AFTER_FAILURE_MS = 1_000;

    private final int most;
    private final ExecutorService threads;
    private final ThreadLocal<List<Message>> group = new ThreadLocal<>();
    private final AtomicReference<String> logged = new AtomicReference<>();

    /** The factory of the consumers, by the name that endpoints give. */
    public static final class Factory implements MessageListenerContainerFactory {
        private final int most;

        /** @param most messages that a transaction takes */
        public Factory(int most) {
            this.most = most;
        }

        @Override
        public AbstractMessageListenerContainer createMessageListenerContainer(JmsEndpoint endpoint) {
            return new MessageGroups(endpoint, most);
        }
    }

    private MessageGroups(JmsEndpoint endpoint, int most) {
        super(endpoint);
        this.most = most;
        this.threads = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newCachedThreadPool(this, endpoint.getDestinationName());
        setBackOff(backOff());
    }

    private static ExponentialBackOff backOff() {
        ExponentialBackOff backOff = new ExponentialBackOff(FIRST_WAIT_MS, 2);
        backOff.setMaxInterval(LONGEST_WAIT_MS);
        return backOff;
    }

    @Override
    protected Message receiveMessage(MessageConsumer consumer) throws JMSException {
        Message first = super.receiveMessage(consumer);
        List<Message> received = new ArrayList<>();
        long bytes = 0;
        for (Message message = first; message != null; ) {
            received.add(message);
            long size = size(message);
            bytes += size;
            message = received.size() < most && size <= SMALL && bytes < GROUP ? consumer.receiveNoWait() : null;
        }
        group.set(received);
        logged.set(null);
        return first;
    }

    /** @return bytes of the body, or nearly so; more than any limit for what is neither text nor bytes */
    private static long size(Message message) throws JMSException {
        if (message instanceof TextMessage text) {
            return text.getText() == null ? 0 : text.getText().length();
        }
        return message instanceof BytesMessage bytes ? bytes.getBodyLength() : Long.MAX_VALUE;
    }

    @Override
    protected void doExecuteListener(Session session, Message message) throws JMSException {
        if (isRunning()) {
            super.doExecuteListener(session, message);
        } else {
            rollbackIfNecessary(session);
        }
    }

    @Override
    protected void invokeListener(Session session, Message first) throws JMSException {
        List<Message> messages = group.get();
        group.remove();
        List<Future<?>> others = new ArrayList<>();
        for (Message message : messages.subList(1, messages.size())) {
            others.add(threads.submit(() -> {
                super.invokeListener(session, message);
                return null;
            }));
        }
        RuntimeException failure = null;
        try {
            super.invokeListener(session, first);
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Future<?> other : others) {
            RuntimeException its = failureOf(other);
            failure = failure == null ? its : failure;
        }
        if (failure != null) {
            pause();
            throw failure;
        }
    }

    /** Waits for the message, also when the thread is interrupted: none may be under way when the session is rolled back. */
    private static RuntimeException failureOf(Future<?> message) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    message.get();
                    return null;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Pauses before the session is rolled back, since the broker delivers the messages again at once. */
    private void pause() {
        try {
            for (long waited = 0; isRunning() && waited < PAUSE_AFTER_FAILURE_MS; waited += 100) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void handleListenerSetupFailure(Throwable e, boolean alreadyRecovered) {
        boolean away = getConnectionFactory() instanceof Broker broker
                && broker.problem().isPresent();
        boolean refused = !away && (e instanceof JMSSecurityException || e instanceof InvalidDestinationException);
        if (refused && !e.getMessage().equals(logged.getAndSet(e.getMessage()))) {
            LOG.error(
                    "The broker refuses {}: {}. The program tries again", getDestinationDescription(), e.getMessage());
        }
        LOG.debug("A consumer of {} has to be set up again", getDestinationDescription(), e);
    }

    @Override
    protected void refreshConnectionUntilSuccessful() {
        BackOffExecution waits = backOff().start();
        boolean connected = false;
        while (!connected && isRunning()) {
            try {
                refreshSharedConnection();
                connected = true;
            } catch (JMSException e) {
                LOG.debug("No connection for {}", getDestinationDescription(), e);
                if (!applyBackOffTime(waits)) {
                    stop();
                }
            }
        }
    }

    @Override
    public void shutdown() {
        super.shutdown();
        threads.shutdown();
    }
}
