package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// A bucket's lifecycle configuration, as far as it expires objects by age and prefix (S3's API
/// reference, `PutBucketLifecycleConfiguration`).
record Lifecycle(List<Rule> rules) {

    Lifecycle {
        rules = List.copyOf(rules);
    }

    /// @param days an object lives, up to the next midnight after them
    record Rule(String id, String prefix, boolean enabled, int days) {

        boolean hasExpired(String key, Instant storedAt, Instant now) {
            var end =
                    storedAt.plus(Duration.ofDays(days))
                            .truncatedTo(ChronoUnit.DAYS)
                            .plus(Duration.ofDays(1));
            return enabled && key.startsWith(prefix) && !now.isBefore(end);
        }
    }

    boolean hasExpired(String key, Instant storedAt, Instant now) {
        return rules.stream().anyMatch(rule -> rule.hasExpired(key, storedAt, now));
    }

    /// @throws AwsError when it is no such configuration, or has what is not supported here
    static Lifecycle read(byte[] xml) {
        var rules = new ArrayList<Rule>();
        for (var rule : children(parse(xml))) {
            if (!rule.getLocalName().equals("Rule")) {
                throw unsupported(rule);
            }
            rules.add(rule(rule));
        }
        if (rules.isEmpty()) {
            throw malformed();
        }
        return new Lifecycle(rules);
    }

    private static Rule rule(Element rule) {
        var id = "";
        var prefix = "";
        var status = "";
        int days = 0;
        for (var part : children(rule)) {
            switch (part.getLocalName()) {
                case "ID" -> id = part.getTextContent();
                case "Prefix" -> prefix = part.getTextContent();
                case "Status" -> status = part.getTextContent();
                case "Filter" -> {
                    for (var filter : children(part)) {
                        prefix = only("Prefix", filter);
                    }
                }
                case "Expiration" -> {
                    for (var expiration : children(part)) {
                        days = days(only("Days", expiration));
                    }
                }
                default -> throw unsupported(part);
            }
        }
        if (days == 0 || !List.of("Enabled", "Disabled").contains(status)) {
            throw malformed();
        }
        return new Rule(id, prefix, status.equals("Enabled"), days);
    }

    private static String only(String name, Element element) {
        if (!element.getLocalName().equals(name)) {
            throw unsupported(element);
        }
        return element.getTextContent();
    }

    private static int days(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw malformed();
        }
        return Integer.parseInt(text);
    }

    private static Element parse(byte[] xml) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var parser = factory.newDocumentBuilder();
            // Else it prints to the console what it also throws.
            parser.setErrorHandler(null);
            return parser.parse(new ByteArrayInputStream(xml)).getDocumentElement();
        } catch (SAXException | IOException noXml) {
            throw malformed();
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<Element> children(Element parent) {
        var children = new ArrayList<Element>();
        for (var child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    private static AwsError malformed() {
        return AwsError.client(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our"
                        + " published schema");
    }

    private static AwsError unsupported(Element element) {
        return S3.notImplemented(element.getLocalName() + " in a lifecycle configuration");
    }

    byte[] write() {
        var out = new StringWriter();
        try {
            var xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("LifecycleConfiguration");
            xml.writeDefaultNamespace("http://s3.amazonaws.com/doc/2006-03-01/");
            for (var rule : rules) {
                xml.writeStartElement("Rule");
                text(xml, "ID", rule.id());
                xml.writeStartElement("Filter");
                text(xml, "Prefix", rule.prefix());
                xml.writeEndElement();
                text(xml, "Status", rule.enabled() ? "Enabled" : "Disabled");
                xml.writeStartElement("Expiration");
                text(xml, "Days", Integer.toString(rule.days()));
                xml.writeEndElement();
                xml.writeEndElement();
            }
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException(impossible);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void text(XMLStreamWriter xml, String name, String text)
            throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }
}
