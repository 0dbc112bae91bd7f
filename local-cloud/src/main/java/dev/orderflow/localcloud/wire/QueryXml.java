package dev.orderflow.localcloud.wire;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes answers as the AWS Query protocol has them, XML in the service's namespace, and the
/// errors of S3.
final class QueryXml {

    private static final XMLOutputFactory XML = XMLOutputFactory.newInstance();

    /// Members that are maps; every other object is a structure.
    private static final Set<String> MAPS =
            Set.of("Attributes", "VerificationAttributes", "IdentityAttributes");

    private QueryXml() {}

    static String answer(String namespace, String operation, ObjectNode answer, String requestId) {
        return write(
                xml -> {
                    xml.writeStartElement(operation + "Response");
                    xml.writeDefaultNamespace(namespace);
                    xml.writeStartElement(operation + "Result");
                    members(xml, answer);
                    xml.writeEndElement();
                    xml.writeStartElement("ResponseMetadata");
                    text(xml, "RequestId", requestId);
                    xml.writeEndElement();
                    xml.writeEndElement();
                });
    }

    static String error(String namespace, AwsError error, String requestId) {
        return write(
                xml -> {
                    xml.writeStartElement("ErrorResponse");
                    xml.writeDefaultNamespace(namespace);
                    xml.writeStartElement("Error");
                    text(xml, "Type", error.status() < 500 ? "Sender" : "Receiver");
                    text(xml, "Code", error.code());
                    text(xml, "Message", String.valueOf(error.getMessage()));
                    xml.writeEndElement();
                    text(xml, "RequestId", requestId);
                    xml.writeEndElement();
                });
    }

    /// As S3 has it, which speaks of errors without a frame around them.
    static String plainError(AwsError error, String requestId) {
        return write(
                xml -> {
                    xml.writeStartElement("Error");
                    text(xml, "Code", error.code());
                    text(xml, "Message", String.valueOf(error.getMessage()));
                    text(xml, "RequestId", requestId);
                    xml.writeEndElement();
                });
    }

    private static void members(XMLStreamWriter xml, JsonNode structure) throws XMLStreamException {
        for (var member : structure.properties()) {
            member(xml, member.getKey(), member.getValue());
        }
    }

    private static void member(XMLStreamWriter xml, String name, JsonNode value)
            throws XMLStreamException {
        if (value.isNull()) {
            return;
        }
        xml.writeStartElement(name);
        switch (value) {
            case ObjectNode map when MAPS.contains(name) -> {
                for (var entry : map.properties()) {
                    xml.writeStartElement("entry");
                    text(xml, "key", entry.getKey());
                    member(xml, "value", entry.getValue());
                    xml.writeEndElement();
                }
            }
            case ObjectNode structure -> members(xml, structure);
            default -> {
                if (value.isArray()) {
                    for (var item : value) {
                        member(xml, "member", item);
                    }
                } else {
                    xml.writeCharacters(scalar(name, value));
                }
            }
        }
        xml.writeEndElement();
    }

    /// Times are seconds since the epoch in JSON and ISO 8601 in XML.
    private static String scalar(String name, JsonNode value) {
        if (value.isNumber() && (name.endsWith("Timestamp") || name.endsWith("Date"))) {
            var millis = value.decimalValue().multiply(BigDecimal.valueOf(1000)).longValue();
            return Instant.ofEpochMilli(millis).toString();
        }
        return legal(value.asString());
    }

    private static void text(XMLStreamWriter xml, String name, String text)
            throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(legal(text));
        xml.writeEndElement();
    }

    /// XML 1.0 has no way to write most control characters.
    private static String legal(String text) {
        return text.replaceAll(
                "[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD");
    }

    private interface Content {
        void write(XMLStreamWriter xml) throws XMLStreamException;
    }

    private static String write(Content content) {
        var out = new StringWriter();
        try {
            var xml = XML.createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            content.write(xml);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException(impossible);
        }
        return out.toString();
    }
}
