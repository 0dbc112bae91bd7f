package dev.orderflow.localrun.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Where the running system is and what opens it, in a file beside the log that only its user
/// reads.
///
/// @param operationsUrl where the operations console listens
/// @param ordersUrl where the internal API of order-service is
/// @param issuerUrl where tokens for the public API are to be had
/// @param apiKey opens the internal API
/// @param services where the internal API of each service is, by its name
public record RunFile(
        URI operationsUrl,
        URI ordersUrl,
        URI issuerUrl,
        String apiKey,
        @Nullable Map<String, URI> services) {

    /// Where the internal API of a service is.
    ///
    /// @param name as its folder is called, say `payment-service`
    Optional<URI> service(String name) {
        return Optional.ofNullable(services).map(all -> all.get(name));
    }

    /// Where the file of this user's system is.
    public static Path standard() {
        var user = System.getProperty("user.name");
        var log = System.getProperty("ORDERFLOW_LOG");
        var folder =
                log == null
                        ? Path.of(System.getProperty("java.io.tmpdir"))
                        : folderOf(Path.of(log));
        return folder.resolve("orderflow-" + user + ".run.json");
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
    }

    /// Writes it, readable for this user alone from its first byte.
    public void write(Path file) {
        try {
            var folder = folderOf(file);
            var fresh =
                    folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                            ? Files.createTempFile(
                                    folder,
                                    "orderflow",
                                    ".run",
                                    PosixFilePermissions.asFileAttribute(
                                            PosixFilePermissions.fromString("rw-------")))
                            : Files.createTempFile(folder, "orderflow", ".run");
            Files.writeString(fresh, JsonMapper.shared().writeValueAsString(this));
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Removes it, unless another system has written its own meanwhile.
    public void remove(Path file) {
        try {
            if (read(file).filter(this::equals).isPresent()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// What is written there, when it is this user's and can be read.
    static Optional<RunFile> read(Path file) {
        try {
            if (!Files.isRegularFile(file)
                    || !Files.getOwner(file).getName().equals(System.getProperty("user.name"))) {
                return Optional.empty();
            }
            return Optional.of(
                    JsonMapper.shared().readValue(Files.readString(file), RunFile.class));
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }

    /// Leaves the key out.
    @Override
    public String toString() {
        return "RunFile[" + operationsUrl + "]";
    }
}
