package dev.orderflow.analytics.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.localpostgres.fixture.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class FunctionDatabaseTest {

    private static final String TOKEN = "a-token";

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void oneConnectionIsOpenedWithATokenAndKept() {
        var url = TestDatabase.create().url();
        var jdbc = JdbcClient.create(new DriverManagerDataSource(url));
        var owner = jdbc.sql("SELECT current_user").query(String.class).single();
        jdbc.sql("ALTER ROLE %s PASSWORD '%s'".formatted(owner, TOKEN)).update();
        try (var database =
                FunctionDatabase.of(url.substring(0, url.indexOf('?')), owner, this::token)) {
            var seen = new HashSet<String>();
            for (int i = 0; i < 3; i++) {
                seen.add(
                        JdbcClient.create(database)
                                .sql("SELECT current_user || ' ' || pg_backend_pid()")
                                .query(String.class)
                                .single());
            }
            assertThat(seen).singleElement().asString().startsWith(owner + " ");
            assertThat(asked).hasPositiveValue();
        }
    }

    @Test
    void theFunctionStartsWithoutTheDatabase() throws Exception {
        try (var database =
                FunctionDatabase.of(
                        "jdbc:postgresql://127.0.0.1:" + closedPort() + "/analytics",
                        "facts_writer",
                        this::token)) {
            assertThatThrownBy(database::getConnection).isInstanceOf(SQLException.class);
            assertThat(asked).hasPositiveValue();
            // A connection that does not respond times out as in the services.
            assertThat(database.getDataSourceProperties())
                    .containsKeys("connectTimeout", "socketTimeout", "tcpKeepAlive");
        }
    }

    private String token() {
        asked.incrementAndGet();
        return TOKEN;
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
