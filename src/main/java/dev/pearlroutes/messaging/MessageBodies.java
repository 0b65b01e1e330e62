package dev.pearlroutes.messaging;

import dev.pearlroutes.intake.MessageIntake;
import dev.pearlroutes.rows.UnreadableSourceException;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bodies of messages. A body that is neither text nor bytes is not opened: reading an object would run code that its sender chose. */
final class MessageBodies {
    private MessageBodies() {}

    /**
     * Reads the body in UTF-8.
     *
     * @throws UnreadableSourceException when the body may not be read or is incomplete
     */
    static byte[] read(Message message) throws JMSException {
        if (message instanceof TextMessage text) {
            return read(text);
        }
        if (message instanceof BytesMessage bytes) {
            return read(bytes);
        }
        throw new UnreadableSourceException("is neither a TextMessage nor a BytesMessage, so it was not opened");
    }

    private static byte[] read(TextMessage message) throws JMSException {
        String text = message.getText() == null ? "" : message.getText();
        checkSize(text.length());
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] body = new byte[encoded.remaining()];
            encoded.get(body);
            return body;
        } catch (CharacterCodingException e) {
            throw new UnreadableSourceException("holds half a character: send it as a BytesMessage in UTF-8");
        }
    }

    private static byte[] read(BytesMessage message) throws JMSException {
        checkSize(message.getBodyLength());
        byte[] body = new byte[(int) message.getBodyLength()];
        int read = body.length == 0 ? 0 : message.readBytes(body);
        if (read != body.length) {
            throw new UnreadableSourceException("ends after " + read + " of " + body.length + " bytes");
        }
        return body;
    }

    /** @throws UnreadableSourceException when a body has more bytes than it may have */
    static void checkSize(long size) {
        if (size > MessageIntake.MAX_BODY) {
            throw new UnreadableSourceException(
                    "has " + size + " bytes, more than " + MessageIntake.MAX_BODY + ": send it in parts, or as a file");
        }
    }
}
