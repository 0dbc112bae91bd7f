package dev.orderflow.defaults.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/// Makes one database and one user of the same name for each service: none can read another's
/// tables. What is there already stays as it is, so it can run again at any time.
///
/// ```
/// java -cp app.jar dev.orderflow.defaults.database.DatabaseCreator orders inventory …
/// ```
///
/// On RDS it signs in with a token, and users are let in by token only. Under the profile `local`
/// it may sign in with a password, and gives the users one, which it sets again each time.
public final class DatabaseCreator {

    private static final String URL = "ORDERFLOW_DATABASE_URL";
    private static final String USER = "ORDERFLOW_DATABASE_USER";

    /// Of the user it signs in as. From the environment, since arguments can be read by others.
    private static final String PASSWORD = "ORDERFLOW_DATABASE_PASSWORD";

    /// What the services sign in with.
    private static final String SERVICE_PASSWORD = "ORDERFLOW_SERVICE_PASSWORD";

    private static final String PROFILES = "SPRING_PROFILES_ACTIVE";
    private static final String CA_BUNDLE = "/app/certificates/database.pem";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private final Connection connection;
    private final Optional<String> servicePassword;

    DatabaseCreator(Connection connection) {
        this(connection, Optional.empty());
    }

    private DatabaseCreator(Connection connection, Optional<String> servicePassword) {
        this.connection = connection;
        this.servicePassword = servicePassword;
    }

    /// Exit codes: 0 when all are there, 1 when the server cannot be reached or refuses, 2 when the
    /// call was wrong.
    ///
    /// @param names of the databases
    public static void main(String[] names) {
        try {
            run(System.getenv(), List.of(names));
            System.out.println("Databases are there: " + String.join(", ", names));
        } catch (IllegalArgumentException wrong) {
            System.err.println("DatabaseCreator: " + wrong.getMessage());
            System.exit(2);
        } catch (SQLException failed) {
            System.err.println("DatabaseCreator: " + failed.getMessage());
            System.exit(1);
        }
    }

    /// @throws IllegalArgumentException when something is missing or not allowed, in one line
    static void run(Map<String, String> environment, List<String> names) throws SQLException {
        var url = environment.get(URL);
        var user = environment.get(USER);
        if (url == null || user == null || names.isEmpty()) {
            throw new IllegalArgumentException(
                    "usage: DatabaseCreator NAME…, with " + URL + " and " + USER);
        }
        var password = environment.get(PASSWORD);
        if (password == null) {
            try (var credentials = DefaultCredentialsProvider.builder().build();
                    var connection = connect(url, user, credentials)) {
                new DatabaseCreator(connection).create(names);
            }
            return;
        }
        var profiles = List.of(environment.getOrDefault(PROFILES, "").split(",", -1));
        var servicePassword = environment.get(SERVICE_PASSWORD);
        if (!profiles.contains("local") || servicePassword == null) {
            throw new IllegalArgumentException(
                    "%s is for the profile 'local' only, together with %s"
                            .formatted(PASSWORD, SERVICE_PASSWORD));
        }
        try (var connection = DriverManager.getConnection(url, user, password)) {
            new DatabaseCreator(connection, Optional.of(servicePassword)).create(names);
        }
    }

    private static Connection connect(
            String url, String user, DefaultCredentialsProvider credentials) throws SQLException {
        var region = DefaultAwsRegionProviderChain.builder().build().getRegion();
        var how = new Properties();
        how.setProperty("user", user);
        how.setProperty("password", new RdsTokenGenerator(credentials, region).generate(url, user));
        how.setProperty("sslmode", "verify-full");
        how.setProperty("sslrootcert", CA_BUNDLE);
        DatabaseTimeoutProperties.DEFAULTS.applyTo(how);
        return DriverManager.getConnection(url, how);
    }

    void create(List<String> names) throws SQLException {
        for (var name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not a database's name: " + name);
            }
            create(name);
        }
    }

    private void create(String name) throws SQLException {
        if (!exists("SELECT 1 FROM pg_roles WHERE rolname = ?", name)) {
            execute("CREATE ROLE %s LOGIN", name);
        }
        // Only who can become the owner may make a database his, or take rights in it away.
        execute("GRANT %s TO CURRENT_USER WITH INHERIT TRUE, SET TRUE", name);
        if (!exists("SELECT 1 FROM pg_database WHERE datname = ?", name)) {
            execute("CREATE DATABASE %1$s OWNER %1$s", name);
        }
        execute("REVOKE ALL ON DATABASE %s FROM PUBLIC", name);
        execute("REVOKE %s FROM CURRENT_USER", name);
        if (servicePassword.isPresent()) {
            setPassword(name, servicePassword.get());
        } else {
            // Its members are let in by token only. There is such a role on RDS and nowhere else.
            execute("GRANT rds_iam TO %s", name);
        }
    }

    /// Postgres quotes it, since this statement takes no parameters.
    private void setPassword(String name, String password) throws SQLException {
        String sql;
        try (var statement =
                connection.prepareStatement("SELECT format('ALTER ROLE %I PASSWORD %L', ?, ?)")) {
            statement.setString(1, name);
            statement.setString(2, password);
            try (var row = statement.executeQuery()) {
                row.next();
                sql = row.getString(1);
            }
        }
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean exists(String query, String name) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private void execute(String sql, String name) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql.formatted('"' + name + '"'));
        }
    }
}
