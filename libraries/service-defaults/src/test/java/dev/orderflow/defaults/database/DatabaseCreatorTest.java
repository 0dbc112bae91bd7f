package dev.orderflow.defaults.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.localpostgres.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// As on RDS, the creator of the databases is not a superuser.
class DatabaseCreatorTest {

    private static final String SERVER = TestDatabase.superuserUrl();

    @BeforeAll
    static void aServerLikeRds() throws SQLException {
        try (var superuser = DriverManager.getConnection(SERVER);
                var statement = superuser.createStatement()) {
            statement.execute("CREATE ROLE rds_iam");
            statement.execute("CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD 'master'");
            statement.execute("GRANT rds_iam TO master WITH ADMIN OPTION");
        }
        try (var master = as("master")) {
            new DatabaseCreator(master).create(List.of("first_shop", "second_shop"));
        }
        try (var superuser = DriverManager.getConnection(SERVER);
                var statement = superuser.createStatement()) {
            statement.execute("ALTER ROLE first_shop PASSWORD 'first_shop'");
        }
    }

    @Test
    void aServiceOwnsItsDatabase() throws SQLException {
        try (var service = as("first_shop", "first_shop");
                var statement = service.createStatement()) {
            statement.execute("CREATE SCHEMA goods");
            statement.execute("CREATE TABLE goods.article (sku text)");
        }
    }

    @Test
    void noServiceConnectsToAnothersDatabase() {
        assertThatThrownBy(() -> as("first_shop", "second_shop").close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for database");
    }

    @Test
    void theCreatorOfADatabaseHasNoAccessToIt() {
        assertThatThrownBy(() -> as("master", "second_shop").close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for database");
    }

    @Test
    void servicesAuthenticateByTokenOnly() throws SQLException {
        try (var superuser = DriverManager.getConnection(SERVER);
                var statement = superuser.createStatement();
                var rows =
                        statement.executeQuery(
                                """
                                SELECT pg_has_role('first_shop', 'rds_iam', 'MEMBER')
                                   AND pg_has_role('second_shop', 'rds_iam', 'MEMBER')
                                """)) {
            rows.next();
            assertThat(rows.getBoolean(1)).isTrue();
        }
    }

    @Test
    void existingDatabasesAreKept() throws SQLException {
        try (var master = as("master")) {
            new DatabaseCreator(master).create(List.of("first_shop", "second_shop", "third_shop"));
        }
        as("first_shop", "first_shop").close();
    }

    @Test
    void anInvalidNameCreatesNothing() throws SQLException {
        try (var master = as("master")) {
            assertThatThrownBy(
                            () -> new DatabaseCreator(master).create(List.of("x\"; DROP DATABASE")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /// As docker-compose.yml runs it, each time the containers come up.
    @Test
    void withTheProfileLocalEachStartSetsThePasswordsOfTheUsers() throws SQLException {
        for (var password : List.of("local-only", "with 'quotes\" and \\")) {
            DatabaseCreator.run(local(password), List.of("local_shop", "other_shop"));
            try (var service = as("local_shop", "local_shop", password);
                    var statement = service.createStatement()) {
                statement.execute("CREATE TABLE IF NOT EXISTS article (sku text)");
            }
            assertThatThrownBy(() -> as("local_shop", "other_shop", password).close())
                    .hasMessageContaining("permission denied for database");
        }
    }

    @Test
    void aPasswordIsAcceptedWithTheProfileLocalOnly() {
        var environment = new HashMap<>(local("local-only"));
        environment.put("SPRING_PROFILES_ACTIVE", "container");
        assertThatThrownBy(() -> DatabaseCreator.run(environment, List.of("any_shop")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("profile 'local' only");
        assertThatThrownBy(() -> DatabaseCreator.run(Map.of(), List.of("any_shop")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("usage");
    }

    private static Map<String, String> local(String servicePassword) {
        return Map.of(
                "ORDERFLOW_DATABASE_URL",
                SERVER.substring(0, SERVER.indexOf('?')) + "?sslmode=disable",
                "ORDERFLOW_DATABASE_USER",
                "postgres",
                "ORDERFLOW_DATABASE_PASSWORD",
                TestDatabase.superuserPassword(),
                "ORDERFLOW_SERVICE_PASSWORD",
                servicePassword,
                "SPRING_PROFILES_ACTIVE",
                "container,local");
    }

    private static Connection as(String user) throws SQLException {
        return as(user, "postgres");
    }

    private static Connection as(String user, String database) throws SQLException {
        return as(user, database, user);
    }

    private static Connection as(String user, String database, String password)
            throws SQLException {
        var server = SERVER.substring(0, SERVER.lastIndexOf('/') + 1);
        return DriverManager.getConnection(server + database, user, password);
    }
}
