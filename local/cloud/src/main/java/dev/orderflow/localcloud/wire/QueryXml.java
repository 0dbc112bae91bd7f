package dev.orderflow.localcloud.wire;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
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

    /// How SQS flattens its lists and maps, which no other service does
    /// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#xmlflattened).
    private static final Map<String, String> FLATTENED =
            Map.ofEntries(
                    Map.entry("Messages", "Message"),
                    Map.entry("QueueUrls", "QueueUrl"),
                    Map.entry("queueUrls", "QueueUrl"),
                    Map.entry("Results", "ListMessageMoveTasksResultEntry"),
                    Map.entry("Failed", "BatchResultErrorEntry"),
                    Map.entry("Attributes", "Attribute"),
                    Map.entry("MessageAttributes", "MessageAttribute"),
                    Map.entry("Tags", "Tag"));

    static String answer(
            String namespace,
            String service,
            String operation,
            ObjectNode answer,
            String requestId) {
        return write(
                xml -> {
                    xml.writeStartElement(operation + "Response");
                    xml.writeDefaultNamespace(namespace);
                    xml.writeStartElement(operation + "Result");
                    if (service.equals("sqs")) {
                        flattened(xml, answer, operation);
                    } else {
                        members(xml, answer);
                    }
                    xml.writeEndElement();
                    xml.writeStartElement("ResponseMetadata");
                    text(xml, "RequestId", requestId);
                    xml.writeEndElement();
                    xml.writeEndElement();
                });
    }

    private static void flattened(XMLStreamWriter xml, JsonNode structure, String operation)
            throws XMLStreamException {
        for (var member : structure.properties()) {
            var value = member.getValue();
            var name =
                    member.getKey().equals("Successful")
                            ? operation + "ResultEntry"
                            : FLATTENED.get(member.getKey());
            if (name == null) {
                text(xml, member.getKey(), value.asString());
            } else if (value.isArray()) {
                for (var item : value) {
                    xml.writeStartElement(name);
                    if (item.isObject()) {
                        flattened(xml, item, operation);
                    } else {
                        xml.writeCharacters(legal(item.asString()));
                    }
                    xml.writeEndElement();
                }
            } else {
                for (var entry : value.properties()) {
                    xml.writeStartElement(name);
                    text(xml, name.equals("Tag") ? "Key" : "Name", entry.getKey());
                    if (entry.getValue().isObject()) {
                        xml.writeStartElement("Value");
                        flattened(xml, entry.getValue(), operation);
                        xml.writeEndElement();
                    } else {
                        text(xml, "Value", entry.getValue().asString());
                    }
                    xml.writeEndElement();
                }
            }
        }
    }

    static String error(String namespace, AwsErrorException error, String requestId) {
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
    static String plainError(AwsErrorException error, String requestId) {
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
                        if (item.isObject() || item.isArray()) {
                            member(xml, "member", item);
                        } else {
                            text(xml, "member", scalar(name, item));
                        }
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
        if (value.isNumber() && TimestampMembers.isTimestamp(name)) {
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

    private interface QueryXmlContent {
        void write(XMLStreamWriter xml) throws XMLStreamException;
    }

    private static String write(QueryXmlContent content) {
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
