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

/// Writes responses of the AWS Query protocol as XML in the service's namespace, and S3's errors.
final class QueryXml {

    private static final XMLOutputFactory XML = XMLOutputFactory.newInstance();

    /// Members that are maps; all other objects are structures.
    private static final Set<String> MAPS =
            Set.of("Attributes", "VerificationAttributes", "IdentityAttributes");

    private QueryXml() {}

    /// Element names of the lists and maps that SQS flattens; no other service does
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

    static String responseDocument(
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
                        writeFlattened(xml, answer, operation);
                    } else {
                        writeMembers(xml, answer);
                    }
                    xml.writeEndElement();
                    xml.writeStartElement("ResponseMetadata");
                    writeText(xml, "RequestId", requestId);
                    xml.writeEndElement();
                    xml.writeEndElement();
                });
    }

    private static void writeFlattened(XMLStreamWriter xml, JsonNode structure, String operation)
            throws XMLStreamException {
        for (var member : structure.properties()) {
            var value = member.getValue();
            var name =
                    member.getKey().equals("Successful")
                            ? operation + "ResultEntry"
                            : FLATTENED.get(member.getKey());
            if (name == null) {
                writeText(xml, member.getKey(), value.asString());
            } else if (value.isArray()) {
                for (var item : value) {
                    xml.writeStartElement(name);
                    if (item.isObject()) {
                        writeFlattened(xml, item, operation);
                    } else {
                        xml.writeCharacters(XmlCharacters.replaceIllegal(item.asString()));
                    }
                    xml.writeEndElement();
                }
            } else {
                for (var entry : value.properties()) {
                    xml.writeStartElement(name);
                    writeText(xml, name.equals("Tag") ? "Key" : "Name", entry.getKey());
                    if (entry.getValue().isObject()) {
                        xml.writeStartElement("Value");
                        writeFlattened(xml, entry.getValue(), operation);
                        xml.writeEndElement();
                    } else {
                        writeText(xml, "Value", entry.getValue().asString());
                    }
                    xml.writeEndElement();
                }
            }
        }
    }

    static String errorDocument(String namespace, AwsErrorException error, String requestId) {
        return write(
                xml -> {
                    xml.writeStartElement("ErrorResponse");
                    xml.writeDefaultNamespace(namespace);
                    xml.writeStartElement("Error");
                    writeText(xml, "Type", error.status() < 500 ? "Sender" : "Receiver");
                    writeText(xml, "Code", error.code());
                    writeText(xml, "Message", String.valueOf(error.getMessage()));
                    xml.writeEndElement();
                    writeText(xml, "RequestId", requestId);
                    xml.writeEndElement();
                });
    }

    /// An error in S3's format, which has no enclosing element.
    static String s3ErrorDocument(AwsErrorException error, String requestId) {
        return write(
                xml -> {
                    xml.writeStartElement("Error");
                    writeText(xml, "Code", error.code());
                    writeText(xml, "Message", String.valueOf(error.getMessage()));
                    writeText(xml, "RequestId", requestId);
                    xml.writeEndElement();
                });
    }

    private static void writeMembers(XMLStreamWriter xml, JsonNode structure)
            throws XMLStreamException {
        for (var member : structure.properties()) {
            writeMember(xml, member.getKey(), member.getValue());
        }
    }

    private static void writeMember(XMLStreamWriter xml, String name, JsonNode value)
            throws XMLStreamException {
        if (value.isNull()) {
            return;
        }
        xml.writeStartElement(name);
        switch (value) {
            case ObjectNode map when MAPS.contains(name) -> {
                for (var entry : map.properties()) {
                    xml.writeStartElement("entry");
                    writeText(xml, "key", entry.getKey());
                    writeMember(xml, "value", entry.getValue());
                    xml.writeEndElement();
                }
            }
            case ObjectNode structure -> writeMembers(xml, structure);
            default -> {
                if (value.isArray()) {
                    for (var item : value) {
                        if (item.isObject() || item.isArray()) {
                            writeMember(xml, "member", item);
                        } else {
                            writeText(xml, "member", scalar(name, item));
                        }
                    }
                } else {
                    xml.writeCharacters(scalar(name, value));
                }
            }
        }
        xml.writeEndElement();
    }

    /// Timestamps are epoch seconds in JSON and ISO 8601 in XML.
    private static String scalar(String name, JsonNode value) {
        if (value.isNumber() && TimestampMembers.isTimestamp(name)) {
            var millis = value.decimalValue().multiply(BigDecimal.valueOf(1000)).longValue();
            return Instant.ofEpochMilli(millis).toString();
        }
        return XmlCharacters.replaceIllegal(value.asString());
    }

    private static void writeText(XMLStreamWriter xml, String name, String text)
            throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(XmlCharacters.replaceIllegal(text));
        xml.writeEndElement();
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
