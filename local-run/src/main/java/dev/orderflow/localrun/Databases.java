package dev.orderflow.localrun;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// One Postgres server with a database and a user for each service: no service can read another's
/// tables.
final class Databases implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final String password;

    private Databases(EmbeddedPostgres postgres, String password) {
        this.postgres = postgres;
        this.password = password;
    }

    /// Starts the server.
    ///
    /// @param directory where its data is kept; without one they are thrown away at the end
    static Databases start(Optional<Path> directory, String password) {
        var builder =
                EmbeddedPostgres.builder()
                        // It must outlive the services, which our own hook stops first.
                        .setRegisterShutdownHook(false)
                        .setServerConfig("max_connections", "200")
                        .setServerConfig("listen_addresses", "127.0.0.1");
        directory.ifPresent(
                kept -> {
                    var data = kept.resolve("postgres");
                    createDirectories(kept);
                    // What is kept must survive a power cut too, so unlike throw-away data it is
                    // synced.
                    builder.setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setServerConfig("fsync", "on");
                });
        try {
            var databases = new Databases(builder.start(), password);
            databases.createAll();
            return databases;
        } catch (IOException failed) {
            throw new UncheckedIOException("Postgres did not start", failed);
        }
    }

    String url(Part.Service service) {
        return "jdbc:postgresql://127.0.0.1:%d/%s"
                .formatted(postgres.getPort(), service.database());
    }

    private void createAll() {
        try (var connection = postgres.getPostgresDatabase().getConnection()) {
            for (var part : Part.services()) {
                create(part.service().orElseThrow().database(), connection);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("the databases could not be made", failed);
        }
    }

    /// Names come from [Part], so they are no danger in a statement; the password is ours too.
    private void create(String name, Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            boolean isNew;
            try (var found =
                    statement.executeQuery(
                            "SELECT FROM pg_database WHERE datname = '" + name + "'")) {
                isNew = !found.next();
            }
            if (isNew) {
                statement.execute("CREATE ROLE " + name + " LOGIN");
                statement.execute("CREATE DATABASE " + name + " OWNER " + name);
                statement.execute("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
            }
            statement.execute("ALTER ROLE " + name + " PASSWORD '" + password + "'");
        }
    }

    private static void createDirectories(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot keep data in " + directory, failed);
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
