package dev.pearlroutes.rows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One part of a workbook, read element by element. Names of elements and attributes are compared without their namespaces, which differ between
 * the two variants of the format. A document type, which a workbook never has, makes the part broken: entities are neither expanded nor
 * fetched.
 */
final class XmlPart implements AutoCloseable {
    /** Levels of elements; a workbook has about ten. */
    private static final int MAX_DEPTH = 100;

    private final WorkbookParts.Part part;
    private final String name;
    private final XMLStreamReader xml;
    private int event = XMLStreamConstants.START_DOCUMENT;
    private int depth;

    /**
     * @param part closed with this
     * @param name of the part, for messages
     */
    XmlPart(WorkbookParts.Part part, String name) throws IOException {
        this.part = part;
        this.name = name;
        try {
            // The JDK's own, whatever else lies on the class path of the host.
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            // It counts every &amp; of a long list. Without document types nothing else is an entity.
            factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
            // By default it prints what it finds on the console.
            factory.setXMLReporter((message, type, information, location) -> {});
            xml = factory.createXMLStreamReader(part);
        } catch (XMLStreamException | RuntimeException e) {
            part.close();
            throw failure(e);
        }
    }

    /** Goes on to the next begin or end of an element, or piece of text. @return false at the end of the part */
    boolean next() throws IOException {
        part.nextToken();
        try {
            do {
                if (!xml.hasNext()) {
                    return false;
                }
                event = xml.next();
            } while (event != XMLStreamConstants.START_ELEMENT
                    && event != XMLStreamConstants.END_ELEMENT
                    && event != XMLStreamConstants.DTD
                    && event != XMLStreamConstants.ENTITY_REFERENCE
                    && !isText());
        } catch (XMLStreamException | RuntimeException e) {
            throw failure(e);
        }
        depth += event == XMLStreamConstants.START_ELEMENT ? 1 : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
        if (depth > MAX_DEPTH || event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
            throw broken();
        }
        return true;
    }

    /** Goes on to the next begin of an element of this name. @return false when there is none */
    boolean find(String element) throws IOException {
        while (next()) {
            if (starts(element)) {
                return true;
            }
        }
        return false;
    }

    boolean starts(String element) {
        return event == XMLStreamConstants.START_ELEMENT && element.equals(xml.getLocalName());
    }

    boolean ends(String element) {
        return event == XMLStreamConstants.END_ELEMENT && element.equals(xml.getLocalName());
    }

    /** Returns the attribute of the element that begins here; null when it has none of this name. */
    String attribute(String attribute) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            if (attribute.equals(xml.getAttributeLocalName(i))) {
                return xml.getAttributeValue(i);
            }
        }
        return null;
    }

    /** Lists the values of all attributes of the element that begins here; none elsewhere. */
    List<String> attributes() {
        List<String> values = new ArrayList<>();
        for (int i = 0; event == XMLStreamConstants.START_ELEMENT && i < xml.getAttributeCount(); i++) {
            values.add(xml.getAttributeValue(i));
        }
        return values;
    }

    /** Returns an attribute that is true or false. */
    boolean flag(String attribute) {
        String value = attribute(attribute);
        return "1".equals(value) || "true".equals(value);
    }

    /** Appends the text up to the end of the element that begins here; past a bound it is read and not kept. */
    void text(StringBuilder into) throws IOException {
        int outside = depth - 1;
        while (next() && depth > outside) {
            if (isText()) {
                append(into);
            }
        }
    }

    /** Appends the text that stands here, unless there is more than a cell holds already. */
    void append(StringBuilder into) {
        if (into.length() <= RowReader.MAX_CELL) {
            into.append(
                    xml.getTextCharacters(), xml.getTextStart(), Math.min(xml.getTextLength(), RowReader.MAX_CELL + 1));
        }
    }

    /** Goes on to the end of the element that begins here. */
    void skip() throws IOException {
        int outside = depth - 1;
        while (next() && depth > outside) {
            // Passed over.
        }
    }

    /** Makes the refusal of a workbook of which this part is not as it should be. */
    UnreadableSourceException broken() {
        return part.broken(name);
    }

    /** Tells whether a piece of text stands here. */
    boolean isText() {
        return event == XMLStreamConstants.CHARACTERS
                || event == XMLStreamConstants.CDATA
                || event == XMLStreamConstants.SPACE;
    }

    /** The parser's own message quotes the part and is left out, also as a cause. */
    private UnreadableSourceException failure(Exception e) throws IOException {
        part.throwCause();
        if (e instanceof UnreadableSourceException unreadable) {
            return unreadable;
        }
        return broken();
    }

    @Override
    public void close() throws IOException {
        part.close();
    }
}
