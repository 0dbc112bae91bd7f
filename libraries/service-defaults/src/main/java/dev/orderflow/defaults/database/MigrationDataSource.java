package dev.orderflow.defaults.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// The pool as migrations use it: with time for a statement that rewrites a table. The pool
/// sets the usual limit again when a connection comes back.
final class MigrationDataSource extends DelegatingDataSource {

    private final Duration longestStatement;

    MigrationDataSource(DataSource pool, Duration longestStatement) {
        super(pool);
        this.longestStatement = longestStatement;
    }

    @Override
    public Connection getConnection() throws SQLException {
        var connection = super.getConnection();
        try {
            connection.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(longestStatement.toMillis()));
            return connection;
        } catch (SQLException | RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }
}
