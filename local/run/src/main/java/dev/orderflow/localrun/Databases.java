package dev.orderflow.localrun;

import dev.orderflow.localpostgres.LocalPostgres;
import dev.orderflow.localpostgres.ScratchFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/// One Postgres server with a database and a user for each service: no service can read another's
/// tables.
///
/// Made and started are two things, so that another thread can close it while it starts.
public final class Databases implements AutoCloseable {

    private static final Map<String, String> SERVER = Map.of("max_connections", "200");

    private final LocalPostgres postgres;
    private final String password;

    private Databases(LocalPostgres postgres, String password) {
        this.postgres = postgres;
        this.password = password;
    }

    /// The server, not yet started.
    ///
    /// @param directory where its data is kept; without one they are thrown away at the end
    /// @param scratch deleted when the server is stopped, or with the process
    /// @param password the services' users have it
    /// @throws dev.orderflow.localpostgres.LocalPostgresException when the data are in use
    public static Databases in(Optional<Path> directory, ScratchFolder scratch, String password) {
        return new Databases(
                directory
                        .map(kept -> LocalPostgres.keepingData(kept, SERVER, scratch))
                        .orElseGet(() -> LocalPostgres.withoutKeepingData(SERVER, scratch)),
                password);
    }

    /// Starts the server and makes what is not there yet.
    ///
    /// @throws dev.orderflow.localpostgres.LocalPostgresException when it does not start
    public Databases start() {
        postgres.start();
        try (var connection =
                DriverManager.getConnection(
                        postgres.url("postgres"), LocalPostgres.USER, postgres.password())) {
            for (var component : Component.services()) {
                create(component.service().orElseThrow().database(), connection);
            }
            return this;
        } catch (SQLException failed) {
            throw new IllegalStateException("the databases could not be made", failed);
        }
    }

    /// Kills the server as a crash would, with what it was doing, and starts it again on the same
    /// data and port.
    ///
    /// @throws IllegalStateException when the data are not kept in a directory
    public void crashAndRecover() {
        postgres.crashAndRecover();
    }

    /// Where a service's own database is.
    public String url(Component component) {
        return postgres.url(component.service().orElseThrow().database());
    }

    /// Names come from [Component], so they are no danger in a statement; the password is ours too.
    private void create(String name, Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            boolean isNew;
            try (var found =
                    statement.executeQuery(
                            "SELECT FROM pg_database WHERE datname = '" + name + "'")) {
                isNew = !found.next();
            }
            if (isNew) {
                // Half of it may be there when an earlier start was cut short.
                statement.execute("DROP ROLE IF EXISTS " + name);
                statement.execute("CREATE ROLE " + name + " LOGIN");
                statement.execute("CREATE DATABASE " + name + " OWNER " + name);
            }
            statement.execute("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
            statement.execute("ALTER ROLE " + name + " PASSWORD '" + password + "'");
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}
