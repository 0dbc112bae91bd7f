package dev.orderflow.operations.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.ConsoleApi;
import dev.orderflow.operations.OperationsConsoleFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@OperationsConsoleFixture
class RedriveRequestTest {

    private final ConsoleApi api;
    private final JdbcClient jdbc;

    @Autowired
    RedriveRequestTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.api = new ConsoleApi(port);
        this.jdbc = jdbc;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"all\":true}",
                "{\"all\":false,\"reason\":\"r\"}",
                "{\"reason\":\"r\"}",
                "{\"all\":true,\"fingerprint\":\"aaaa\",\"reason\":\"r\"}",
                "{\"fingerprint\":\"' OR 1=1\",\"reason\":\"r\"}",
                "{\"messageIds\":[],\"reason\":\"r\"}",
                "{\"messageIds\":[null],\"reason\":\"r\"}",
                "{\"filter\":{\"sentBefore\":\"-1000000000-01-01T00:00:00Z\"},\"reason\":\"r\"}",
                "{\"filter\":{\"sentBefore\":\"+300000-01-01T00:00:00Z\"},\"reason\":\"r\"}",
                "{\"filter\":{\"sentBefore\":1000e2147483647},\"reason\":\"r\"}",
                "{\"all\":true,\"operator\":\"g\",\"reason\":\"r\"}",
                "{\"all\":true,\"by\":\"g\",\"reason\":\"r\"}",
                "{\"all\":true,\"reason\":\"\\u0000\"}",
                "{\"all\":true,\"reason\":\"r\",\"perSecond\":0}",
                "{\"all\":true,\"reason\":\"r\",\"perSecond\":1000}",
                "{\"all\":\"true\",\"reason\":\"r\"}",
                "{\"all\":true,\"reason\":\"r\",\"dryrun\":true}",
                "[]",
                "null",
                "nonsense"
            })
    void anInvalidRequestIsRejectedAndStartsNoRedrive(String body) {
        long redrives = countRedrives();

        var response = api.send("POST", "/dead-letters/shipping-requests/redrive", body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(countRedrives()).isEqualTo(redrives);
    }

    private long countRedrives() {
        return jdbc.sql("SELECT count(*) FROM redrive").query(Long.class).single();
    }
}
