package dev.orderflow.localrun;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One Postgres server with a database and a user for each service: no service can read another's
/// tables.
public final class Databases implements AutoCloseable {

    private final Optional<Path> directory;
    private final String password;
    private EmbeddedPostgres postgres;

    private Databases(Optional<Path> directory, String password) {
        this.directory = directory;
        this.password = password;
        this.postgres = launch(FreePorts.one());
    }

    /// Starts the server.
    ///
    /// @param directory where its data is kept; without one they are thrown away at the end
    public static Databases start(Optional<Path> directory, String password) {
        var databases = new Databases(directory, password);
        databases.createAll();
        return databases;
    }

    private EmbeddedPostgres launch(int port) {
        var builder =
                EmbeddedPostgres.builder()
                        .setPort(port)
                        // It must outlive the services, which our own hook stops first.
                        .setRegisterShutdownHook(false)
                        .setServerConfig("max_connections", "200")
                        .setServerConfig("listen_addresses", "127.0.0.1");
        directory.ifPresent(
                kept -> {
                    var data = kept.resolve("postgres");
                    createDirectories(kept);
                    // What is kept must survive a crash and a power cut, so unlike throw-away data
                    // it is there before a commit is answered; the embedded server's own setting
                    // answers first.
                    builder.setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setServerConfig("fsync", "on")
                            .setServerConfig("full_page_writes", "on")
                            .setServerConfig("synchronous_commit", "on");
                });
        try {
            return builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException("Postgres did not start", failed);
        }
    }

    /// Kills the server as a crash would, with what it was doing, and starts it again on the same
    /// data and port.
    ///
    /// @throws IllegalStateException when the data are not kept in a directory
    public void crashAndRecover() {
        if (directory.isEmpty()) {
            throw new IllegalStateException("without a directory there is nothing to recover");
        }
        int port = postgres.getPort();
        var server = postgres.getProcess().toHandle();
        var helpers = server.descendants().toList();
        server.destroyForcibly();
        server.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        // They notice on their own, and the next server waits for the last of them.
        helpers.forEach(helper -> helper.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        close();
        postgres = launch(port);
    }

    /// Where a service's own database is.
    public String url(Part part) {
        return "jdbc:postgresql://127.0.0.1:%d/%s"
                .formatted(postgres.getPort(), part.service().orElseThrow().database());
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
