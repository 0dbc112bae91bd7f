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
/// Creation and start are separate, so that another thread can close it while it starts.
public final class Databases implements AutoCloseable {

    private static final Map<String, String> SERVER = Map.of("max_connections", "200");

    private static final String MASTER = "orderflow_master";

    private final LocalPostgres postgres;
    private final String password;

    private Databases(LocalPostgres postgres, String password) {
        this.postgres = postgres;
        this.password = password;
    }

    /// Creates the server without starting it.
    ///
    /// @param directory the data folder; without it the data are deleted at the end
    /// @param scratch deleted when the server is stopped or the process ends
    /// @param password the password of the services' users
    /// @throws dev.orderflow.localpostgres.LocalPostgresException when the data are in use
    public static Databases in(Optional<Path> directory, ScratchFolder scratch, String password) {
        return new Databases(
                directory
                        .map(kept -> LocalPostgres.keepingData(kept, SERVER, scratch))
                        .orElseGet(() -> LocalPostgres.withoutKeepingData(SERVER, scratch)),
                password);
    }

    /// Starts the server and creates missing databases and users.
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
            throw new IllegalStateException("cannot create the databases", failed);
        }
    }

    /// Kills the server like a crash, with all running statements, and starts it again on the same
    /// data and port.
    ///
    /// @throws IllegalStateException when the data are not kept in a directory
    public void crashAndRecover() {
        postgres.crashAndRecover();
    }

    /// The JDBC URL of a service's database.
    public String url(Component component) {
        return postgres.url(component.service().orElseThrow().database());
    }

    /// Connects as the master user that operators have on AWS: it sees what all sessions do and may
    /// end them, but is no superuser. As the creator of the services' users it may become a member
    /// of each; until then it reaches no database of a service.
    ///
    /// @throws SQLException if the server does not accept the connection
    public Connection connectAsMaster(String database) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                postgres.url("postgres"), LocalPostgres.USER, postgres.password());
                var statement = connection.createStatement()) {
            boolean isNew;
            try (var found =
                    statement.executeQuery(
                            "SELECT FROM pg_roles WHERE rolname = '" + MASTER + "'")) {
                isNew = !found.next();
            }
            if (isNew) {
                statement.execute(
                        "CREATE ROLE "
                                + MASTER
                                + " LOGIN CREATEROLE IN ROLE pg_monitor, pg_signal_backend");
                for (var component : Component.services()) {
                    statement.execute(
                            "GRANT "
                                    + component.service().orElseThrow().database()
                                    + " TO "
                                    + MASTER
                                    + " WITH ADMIN TRUE, INHERIT FALSE, SET FALSE");
                }
            }
            statement.execute("ALTER ROLE " + MASTER + " PASSWORD '" + password + "'");
        }
        return DriverManager.getConnection(postgres.url(database), MASTER, password);
    }

    /// Names come from [Component] and the password is generated, so neither needs quoting.
    private void create(String name, Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            boolean isNew;
            try (var found =
                    statement.executeQuery(
                            "SELECT FROM pg_database WHERE datname = '" + name + "'")) {
                isNew = !found.next();
            }
            if (isNew) {
                // An interrupted earlier start may have created the role only.
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
