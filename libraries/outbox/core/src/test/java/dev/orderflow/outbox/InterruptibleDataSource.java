package dev.orderflow.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/// The data source of one relay. When it fails, the relay is like a dead one; when it blocks, the
/// relay is like a paused one.
public final class InterruptibleDataSource extends AbstractDataSource {

    private final DataSource database;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isFailing;
    private boolean isBlocking;
    private int waiting;
    private final AtomicInteger failures = new AtomicInteger();

    InterruptibleDataSource(DataSource database) {
        this.database = database;
    }

    void fail() {
        change(true, false);
    }

    void block() {
        change(isFailing, true);
    }

    void unblock() {
        change(isFailing, false);
    }

    void restore() {
        change(false, false);
    }

    /// How many connections were refused.
    int failures() {
        return failures.get();
    }

    boolean hasBlockedCaller() {
        lock.lock();
        try {
            return waiting > 0;
        } finally {
            lock.unlock();
        }
    }

    private void change(boolean failing, boolean blocking) {
        lock.lock();
        try {
            isFailing = failing;
            isBlocking = blocking;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        lock.lock();
        try {
            waiting++;
            while (isBlocking) {
                changed.awaitUninterruptibly();
            }
            if (isFailing) {
                failures.incrementAndGet();
                throw new SQLException("the database cannot be reached");
            }
        } finally {
            waiting--;
            lock.unlock();
        }
        return database.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }
}
