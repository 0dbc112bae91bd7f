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

/// Creates one database and one user of the same name for each service, so that no service can read
/// tables of another. Existing databases and users are kept, so that it can be repeated.
///
/// ```
/// java -cp app.jar dev.orderflow.defaults.database.DatabaseCreator orders inventory …
/// ```
///
/// On RDS it authenticates with an IAM token, and so do the users. With the profile `local` it may
/// authenticate with a password and sets the given password for the users each time.
public final class DatabaseCreator {

    private static final String URL = "ORDERFLOW_DATABASE_URL";
    private static final String USER = "ORDERFLOW_DATABASE_USER";

    /// The password of the user it connects as. It is an environment variable, because other users
    /// of the machine can read arguments.
    private static final String PASSWORD = "ORDERFLOW_DATABASE_PASSWORD";

    /// The password of the services.
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

    /// Exit codes: 0 when all databases exist, 1 when the server is unreachable or rejects a
    /// statement, 2 for a usage error.
    ///
    /// @param names the names of the databases
    public static void main(String[] names) {
        try {
            run(System.getenv(), List.of(names));
            System.out.println("Databases exist: " + String.join(", ", names));
        } catch (IllegalArgumentException invalid) {
            System.err.println("DatabaseCreator: " + invalid.getMessage());
            System.exit(2);
        } catch (SQLException failed) {
            System.err.println("DatabaseCreator: " + failed.getMessage());
            System.exit(1);
        }
    }

    /// @throws IllegalArgumentException when an argument or variable is missing or invalid; the
    ///     message is one line
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
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty(
                "password", new RdsTokenGenerator(credentials, region).generate(url, user));
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty("sslrootcert", CA_BUNDLE);
        DatabaseTimeoutProperties.DEFAULTS.applyTo(properties);
        return DriverManager.getConnection(url, properties);
    }

    void create(List<String> names) throws SQLException {
        for (var name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("invalid database name: " + name);
            }
            create(name);
        }
    }

    private void create(String name) throws SQLException {
        if (!exists("SELECT 1 FROM pg_roles WHERE rolname = ?", name)) {
            execute("CREATE ROLE %s LOGIN", name);
        }
        // Only a member of the owner role may create a database for it or revoke privileges.
        execute("GRANT %s TO CURRENT_USER WITH INHERIT TRUE, SET TRUE", name);
        if (!exists("SELECT 1 FROM pg_database WHERE datname = ?", name)) {
            execute("CREATE DATABASE %1$s OWNER %1$s", name);
        }
        execute("REVOKE ALL ON DATABASE %s FROM PUBLIC", name);
        execute("REVOKE %s FROM CURRENT_USER", name);
        if (servicePassword.isPresent()) {
            setPassword(name, servicePassword.get());
        } else {
            // Members of this role authenticate by IAM token only. The role exists only on RDS.
            execute("GRANT rds_iam TO %s", name);
        }
    }

    /// Postgres quotes the values, because the statement takes no parameters.
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
