package dev.orderflow.commandline.operations;

import dev.orderflow.localmachine.UserFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The operator who is signed in at an issuer, with the access token. `login` writes it into a file
/// that only this user can read, one for each issuer; `logout` deletes it.
///
/// The claims are those of the token and are not verified here: each service verifies the token.
///
/// @param issuer the URL of the issuer
/// @param token the access token
record OperatorSession(URI issuer, String token) {

    /// The environment variable with an access token, which takes precedence over files.
    static final String TOKEN_VARIABLE = "ORDERFLOW_OPERATOR_TOKEN";

    /// The environment variable with the URL of the issuer of operators.
    static final String ISSUER_VARIABLE = "ORDERFLOW_OPERATOR_ISSUER";

    /// The environment variable with a user of the development issuer, as whom each command signs
    /// in for itself: for containers, which keep no files.
    static final String USER_VARIABLE = "ORDERFLOW_OPERATOR_USER";

    /// The session of a command: the token of the environment, else of its user, else of `login`.
    ///
    /// @param issuer supplies the issuer when the environment has no token
    /// @throws CommandFailedException when no operator is signed in
    static OperatorSession current(Supplier<Optional<URI>> issuer) {
        var token = System.getenv(TOKEN_VARIABLE);
        if (token != null && !token.isBlank()) {
            return ofEnvironment(token);
        }
        var user = System.getenv(USER_VARIABLE);
        return issuer.get()
                .flatMap(
                        where ->
                                user == null || user.isBlank()
                                        ? read(where)
                                        : Optional.of(signIn(where, user)))
                .orElseThrow(
                        () -> new CommandFailedException("you are not signed in; " + signIn()));
    }

    /// The session with the token of the environment, whose issuer is not needed.
    static OperatorSession ofEnvironment(String token) {
        return new OperatorSession(URI.create("environment:" + TOKEN_VARIABLE), token.strip());
    }

    /// Signs in at the development issuer, without storing the session.
    ///
    /// @throws CommandFailedException when the issuer refuses or does not respond
    static OperatorSession signIn(URI issuer, String user) {
        try (var http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(3))
                        .build()) {
            return new OperatorSession(
                    issuer, new DevelopmentTokenClient(() -> issuer, http).operatorToken(user));
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException failure) {
            throw new CommandFailedException(String.valueOf(failure.getMessage()));
        }
    }

    /// The issuer that the environment names.
    static Optional<URI> issuerOfEnvironment() {
        try {
            return Optional.ofNullable(System.getenv(ISSUER_VARIABLE)).map(URI::create);
        } catch (IllegalArgumentException _) {
            throw new CommandFailedException(ISSUER_VARIABLE + " is not a URL");
        }
    }

    /// @return empty when no operator is signed in at the issuer
    static Optional<OperatorSession> read(URI issuer) {
        return read(UserFolder.state(), issuer);
    }

    static Optional<OperatorSession> read(Path folder, URI issuer) {
        try {
            return Optional.of(
                    new OperatorSession(issuer, Files.readString(file(folder, issuer)).strip()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException _) {
            throw new CommandFailedException("cannot read " + file(folder, issuer));
        }
    }

    void write() {
        write(UserFolder.state());
    }

    void write(Path folder) {
        try {
            var fresh =
                    Files.createTempFile(
                            folder,
                            "session-",
                            ".new",
                            UserFolder.permissionAttribute("rw-------"));
            Files.writeString(fresh, token);
            Files.move(fresh, file(folder, issuer), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file(folder, issuer), failed);
        }
    }

    /// @return whether an operator was signed in
    static boolean delete(URI issuer) {
        try {
            return Files.deleteIfExists(file(UserFolder.state(), issuer));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete the session", failed);
        }
    }

    private static Path file(Path folder, URI issuer) {
        return folder.resolve(
                "session-" + issuer.toString().replaceAll("[^A-Za-z0-9]+", "-") + ".token");
    }

    /// The claims of the token.
    ///
    /// @throws CommandFailedException when it is no JWT
    JsonNode claims() {
        var parts = token.split("\\.");
        if (parts.length == 3) {
            try {
                return JsonMapper.shared()
                        .readTree(
                                new String(
                                        Base64.getUrlDecoder().decode(parts[1]),
                                        StandardCharsets.UTF_8));
            } catch (JacksonException | IllegalArgumentException _) {
                // reported below
            }
        }
        throw new CommandFailedException("the access token is no JWT; " + signIn());
    }

    /// The name that people read.
    String name() {
        var claims = claims();
        for (var claim : List.of("name", "username", "sub")) {
            if (claims.path(claim).isString()) {
                return claims.path(claim).stringValue();
            }
        }
        return "unknown";
    }

    String subject() {
        return claims().path("sub").asString("unknown");
    }

    /// The roles of the operator, with other groups of the same issuer.
    List<String> roles() {
        var claims = claims();
        var roles = claims.has("roles") ? claims.path("roles") : claims.path("cognito:groups");
        return roles.valueStream().map(role -> role.asString("")).toList();
    }

    Instant expiresAt() {
        return Instant.ofEpochSecond(claims().path("exp").asLong(0));
    }

    /// What an operator without a valid session must do.
    static String signIn() {
        return "sign in with './orderflow login'";
    }

    /// Omits the token.
    @Override
    public String toString() {
        return "OperatorSession[" + issuer + "]";
    }
}
