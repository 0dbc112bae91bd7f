package dev.orderflow.defaults.database;

import com.zaxxer.hikari.HikariConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Time-outs of database connections. When a host fails or a route is lost, no TCP reset is sent:
/// without these limits a thread would wait until TCP stops retransmitting, which takes 15 minutes.
///
/// The limits of the driver are
/// [pgjdbc's](https://jdbc.postgresql.org/documentation/use/#connection-parameters), in whole
/// seconds.
///
/// @param connect to establish the TCP connection; a host in the same region answers within
///     milliseconds
/// @param login to establish a connection including TLS and authentication
/// @param socket for each response of the server; it must be longer than any statement may take:
///     `spring.transaction.default-timeout` and `spring.jdbc.template.query-timeout` cancel a
///     statement after 10 seconds
/// @param migration replaces `socket` during migrations: creating an index of a large table takes
///     minutes, and statements of a migration may wait for locks
/// @param validation for the check of a connection from the pool
/// @param keepalive the interval of checks of idle connections, so that firewalls do not drop them
@ConfigurationProperties("orderflow.database.timeouts")
public record DatabaseTimeoutProperties(
        @DefaultValue("3s") Duration connect,
        @DefaultValue("5s") Duration login,
        @DefaultValue("15s") Duration socket,
        @DefaultValue("1h") Duration migration,
        @DefaultValue("2s") Duration validation,
        @DefaultValue("1m") Duration keepalive) {

    /// For programs without configuration.
    public static final DatabaseTimeoutProperties DEFAULTS =
            new DatabaseTimeoutProperties(
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(15),
                    Duration.ofHours(1),
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(1));

    public DatabaseTimeoutProperties {
        within("connect", connect, Duration.ofSeconds(1), Duration.ofMinutes(1));
        within("login", login, Duration.ofSeconds(1), Duration.ofMinutes(1));
        within("socket", socket, Duration.ofSeconds(1), Duration.ofHours(1));
        within("migration", migration, socket, Duration.ofDays(1));
        within("validation", validation, Duration.ofMillis(250), Duration.ofSeconds(30));
        within("keepalive", keepalive, Duration.ofSeconds(30), Duration.ofMinutes(10));
    }

    /// The properties of the driver.
    Map<String, String> driverProperties() {
        var properties = new TreeMap<String, String>();
        properties.put("connectTimeout", Long.toString(connect.toSeconds()));
        properties.put("loginTimeout", Long.toString(login.toSeconds()));
        properties.put("socketTimeout", Long.toString(socket.toSeconds()));
        properties.put("cancelSignalTimeout", Long.toString(connect.toSeconds()));
        properties.put("tcpKeepAlive", "true");
        return properties;
    }

    /// Sets the time-outs of a pool. Values that are already set are kept, so that a service can
    /// override them.
    public void applyTo(HikariConfig pool) {
        driverProperties().forEach(pool.getDataSourceProperties()::putIfAbsent);
        pool.setValidationTimeout(
                Math.min(validation.toMillis(), Math.max(250, pool.getConnectionTimeout())));
        pool.setKeepaliveTime(keepalive.toMillis());
    }

    /// Sets the time-outs of a single connection.
    void applyTo(Properties connection) {
        driverProperties().forEach(connection::putIfAbsent);
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "orderflow.database.timeouts.%s must be %s to %s but was %s"
                            .formatted(name, least, most, value));
        }
    }
}
