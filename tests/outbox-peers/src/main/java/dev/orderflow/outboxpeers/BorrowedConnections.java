package dev.orderflow.outboxpeers;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/// A data source whose connection is that of the caller while there is one, so that a library that
/// takes data sources stores events in a transaction that is open already.
final class BorrowedConnections extends AbstractDataSource {

    private static final ThreadLocal<DataSource> BORROWED = new ThreadLocal<>();

    private final DataSource others;

    /// @param others the connections of callers that have none
    BorrowedConnections(DataSource others) {
        this.others = others;
    }

    interface BorrowedWork {
        void run() throws SQLException;
    }

    /// Lets some work use a connection, which it can neither close nor commit.
    void use(Connection connection, BorrowedWork work) throws SQLException {
        BORROWED.set(new SingleConnectionDataSource(connection, true));
        try {
            work.run();
        } finally {
            BORROWED.remove();
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        var borrowed = BORROWED.get();
        return (borrowed == null ? others : borrowed).getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    /// Leaves commit and rollback of borrowed connections to their owner.
    JdbcTransactionManager transactions() {
        return new BorrowedTransactionManager(this);
    }

    private static final class BorrowedTransactionManager extends JdbcTransactionManager {

        private static final long serialVersionUID = 1L;

        BorrowedTransactionManager(DataSource database) {
            super(database);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            if (BORROWED.get() == null) {
                super.doCommit(status);
            }
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            if (BORROWED.get() == null) {
                super.doRollback(status);
            }
        }
    }
}
