package dev.orderflow.outboxpeers;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/// Connections of another data source, without commit and rollback, for a library that ends
/// transactions itself.
final class UncommittedConnections extends AbstractDataSource {

    private static final Set<String> LEFT_TO_THE_OWNER =
            Set.of("commit", "rollback", "setAutoCommit");

    private final DataSource connections;

    UncommittedConnections(DataSource connections) {
        this.connections = connections;
    }

    @Override
    public Connection getConnection() throws SQLException {
        var connection = connections.getConnection();
        return (Connection)
                Proxy.newProxyInstance(
                        UncommittedConnections.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (_, method, arguments) -> {
                            if (LEFT_TO_THE_OWNER.contains(method.getName())) {
                                return null;
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException failed) {
                                throw failed.getCause() == null ? failed : failed.getCause();
                            }
                        });
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }
}
