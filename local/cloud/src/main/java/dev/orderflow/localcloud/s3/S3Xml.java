package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.XmlCharacters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// Reads and writes the XML of S3's requests and responses.
final class S3Xml {

    private static final XMLOutputFactory OUT = XMLOutputFactory.newInstance();
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter writer;

    private S3Xml() throws XMLStreamException {
        this.writer = OUT.createXMLStreamWriter(text);
    }

    /// The content of an element.
    interface S3XmlContent {
        void write(S3Xml xml) throws XMLStreamException;
    }

    /// Writes a document with this root element.
    static byte[] document(String root, S3XmlContent content) {
        try {
            var xml = new S3Xml();
            xml.writer.writeStartDocument("UTF-8", "1.0");
            xml.writer.writeStartElement(root);
            xml.writer.writeDefaultNamespace(NAMESPACE);
            content.write(xml);
            xml.writer.writeEndDocument();
            xml.writer.close();
            return xml.text.toString().getBytes(StandardCharsets.UTF_8);
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Writes an element with text.
    S3Xml put(String name, String value) throws XMLStreamException {
        writer.writeStartElement(name);
        writer.writeCharacters(XmlCharacters.replaceIllegal(value));
        writer.writeEndElement();
        return this;
    }

    /// Writes an element with child elements.
    S3Xml put(String name, S3XmlContent content) throws XMLStreamException {
        writer.writeStartElement(name);
        content.write(this);
        writer.writeEndElement();
        return this;
    }

    /// Parses the root element of a request body.
    ///
    /// @throws AwsErrorException `MalformedXML` if the body is not XML or has another root
    static Element root(byte[] body, String name) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var parser = factory.newDocumentBuilder();
            // Without this the parser also prints errors to the console.
            parser.setErrorHandler(null);
            var root = parser.parse(new ByteArrayInputStream(body)).getDocumentElement();
            if (!root.getLocalName().equals(name)) {
                throw S3Errors.malformedXml();
            }
            return root;
        } catch (SAXException | IOException _) {
            throw S3Errors.malformedXml();
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static List<Element> children(Element parent) {
        var children = new ArrayList<Element>();
        for (var child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    static List<Element> children(Element parent, String name) {
        return children(parent).stream()
                .filter(child -> child.getLocalName().equals(name))
                .toList();
    }

    static Optional<Element> child(Element parent, String name) {
        return children(parent, name).stream().findFirst();
    }

    /// The text of a child element, empty when absent.
    static String text(Element parent, String name) {
        return child(parent, name).map(Element::getTextContent).map(String::strip).orElse("");
    }
}
