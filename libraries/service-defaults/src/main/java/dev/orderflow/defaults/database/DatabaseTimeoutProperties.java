package dev.orderflow.defaults.database;

import com.zaxxer.hikari.HikariConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// When a database that does not answer counts as lost. A server that dies with its host, a
/// failover or a dropped route sends no reset: without these limits a thread would wait for as long
/// as TCP retransmits, which is a quarter of an hour.
///
/// The limits of the driver are
/// [pgjdbc's](https://jdbc.postgresql.org/documentation/use/#connection-parameters), in whole
/// seconds.
///
/// @param connect for the TCP connection. A host in the same region answers within milliseconds.
/// @param login for the connection with TLS and authentication
/// @param socket for each answer of the server, so it must be longer than any statement may take:
///     `spring.transaction.default-timeout` and `spring.jdbc.template.query-timeout` end a
///     statement after 10 seconds
/// @param migration the same while the schema is migrated: building an index of a large table
///     takes minutes, and other statements of a migration may wait for locks
/// @param validation for the check of a connection that comes from the pool
/// @param keepalive how often an idle connection is checked, so that a firewall does not forget it
@ConfigurationProperties("orderflow.database.timeouts")
public record DatabaseTimeoutProperties(
        @DefaultValue("3s") Duration connect,
        @DefaultValue("5s") Duration login,
        @DefaultValue("15s") Duration socket,
        @DefaultValue("1h") Duration migration,
        @DefaultValue("2s") Duration validation,
        @DefaultValue("1m") Duration keepalive) {

    /// What a program uses that has no configuration.
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

    /// What the driver is told.
    Map<String, String> driverProperties() {
        var properties = new TreeMap<String, String>();
        properties.put("connectTimeout", Long.toString(connect.toSeconds()));
        properties.put("loginTimeout", Long.toString(login.toSeconds()));
        properties.put("socketTimeout", Long.toString(socket.toSeconds()));
        properties.put("cancelSignalTimeout", Long.toString(connect.toSeconds()));
        properties.put("tcpKeepAlive", "true");
        return properties;
    }

    /// Sets the limits of a pool. What is set already stays, so that one service can differ.
    public void applyTo(HikariConfig pool) {
        driverProperties().forEach(pool.getDataSourceProperties()::putIfAbsent);
        pool.setValidationTimeout(
                Math.min(validation.toMillis(), Math.max(250, pool.getConnectionTimeout())));
        pool.setKeepaliveTime(keepalive.toMillis());
    }

    /// Sets the limits of a single connection.
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
