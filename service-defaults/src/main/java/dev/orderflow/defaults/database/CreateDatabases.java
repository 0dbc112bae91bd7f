package dev.orderflow.defaults.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/// Makes one database and one user of the same name for each service: none can read another's
/// tables. What is there already stays as it is, so it can run again at any time.
///
/// ```
/// java -cp app.jar dev.orderflow.defaults.database.CreateDatabases orders inventory …
/// ```
public final class CreateDatabases {

    private static final String URL = "ORDERFLOW_DATABASE_URL";
    private static final String USER = "ORDERFLOW_DATABASE_USER";
    private static final String CA_BUNDLE = "/app/certificates/database.pem";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private final Connection connection;

    CreateDatabases(Connection connection) {
        this.connection = connection;
    }

    /// @param names of the databases
    public static void main(String[] names) throws SQLException {
        var url = System.getenv(URL);
        var user = System.getenv(USER);
        if (url == null || user == null || names.length == 0) {
            System.err.println("usage: CreateDatabases NAME…, with " + URL + " and " + USER);
            System.exit(2);
            return;
        }
        try (var credentials = DefaultCredentialsProvider.builder().build();
                var connection = connect(url, user, credentials)) {
            new CreateDatabases(connection).create(List.of(names));
        }
        System.out.println("Databases are there: " + String.join(", ", names));
    }

    private static Connection connect(
            String url, String user, DefaultCredentialsProvider credentials) throws SQLException {
        var region = DefaultAwsRegionProviderChain.builder().build().getRegion();
        var how = new Properties();
        how.setProperty("user", user);
        how.setProperty("password", new DatabaseTokens(credentials, region).token(url, user));
        how.setProperty("sslmode", "verify-full");
        how.setProperty("sslrootcert", CA_BUNDLE);
        DatabaseTimeouts.DEFAULTS.applyTo(how);
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
        // Its members are let in by token only. There is such a role on RDS and nowhere else.
        execute("GRANT rds_iam TO %s", name);
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
