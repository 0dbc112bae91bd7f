package dev.orderflow.localrun.thirdparty;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/// A library on the class path of the whole system, as its POM describes it.
///
/// @param licences as announced; of several one may choose
record Library(String group, String name, String version, List<String> licences) {

    /// Reads the POM that lies beside a jar in Maven's local repository, and its parents as far as
    /// the licence is theirs.
    static Library of(Path jar) throws Exception {
        var version = jar.getParent();
        var name = version.getParent();
        var pom = pom(name, version.getFileName().toString());
        var group =
                text(pom, "groupId")
                        .or(() -> child(pom, "parent").flatMap(parent -> text(parent, "groupId")))
                        .orElseThrow();
        var repository = name;
        for (int up = 0; up <= group.chars().filter(letter -> letter == '.').count() + 1; up++) {
            repository = repository.getParent();
        }
        return new Library(
                group,
                name.getFileName().toString(),
                version.getFileName().toString(),
                licences(pom, repository));
    }

    /// Those that may be used.
    List<Licence> allowed() {
        return licences.stream().flatMap(announced -> Licence.of(announced).stream()).toList();
    }

    private static List<String> licences(Element pom, Path repository) throws Exception {
        var own =
                child(pom, "licenses").map(Library::children).orElse(List.of()).stream()
                        .map(licence -> text(licence, "name").orElse("without a name"))
                        .toList();
        var parent = child(pom, "parent");
        if (!own.isEmpty() || parent.isEmpty()) {
            return own;
        }
        var folder =
                repository
                        .resolve(text(parent.get(), "groupId").orElseThrow().replace('.', '/'))
                        .resolve(text(parent.get(), "artifactId").orElseThrow());
        return licences(pom(folder, text(parent.get(), "version").orElseThrow()), repository);
    }

    private static Element pom(Path folder, String version) throws Exception {
        var file = folder.resolve(version, folder.getFileName() + "-" + version + ".pom");
        var parsers = DocumentBuilderFactory.newInstance();
        parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        try (var in = Files.newInputStream(file)) {
            return parsers.newDocumentBuilder().parse(in).getDocumentElement();
        }
    }

    private static Optional<String> text(Element element, String name) {
        return child(element, name).map(found -> found.getTextContent().strip());
    }

    private static Optional<Element> child(Element element, String name) {
        return children(element).stream()
                .filter(child -> child.getTagName().equals(name))
                .findFirst();
    }

    private static List<Element> children(Element element) {
        var nodes = element.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .toList();
    }
}
