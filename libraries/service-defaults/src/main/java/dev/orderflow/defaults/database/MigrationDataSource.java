package dev.orderflow.defaults.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// The data source of migrations: it allows long statements. The pool resets the network time-out
/// when a connection is returned.
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
