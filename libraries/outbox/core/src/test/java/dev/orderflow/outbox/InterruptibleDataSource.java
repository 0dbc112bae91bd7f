package dev.orderflow.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/// The way from one relay to the database. Cut, the relay is as good as dead; held, it is as
/// good as paused.
public final class InterruptibleDataSource extends AbstractDataSource {

    private final DataSource database;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isCut;
    private boolean isHeld;
    private int waiting;
    private final AtomicInteger failures = new AtomicInteger();

    InterruptibleDataSource(DataSource database) {
        this.database = database;
    }

    void fail() {
        change(true, false);
    }

    void block() {
        change(isCut, true);
    }

    void unblock() {
        change(isCut, false);
    }

    void restore() {
        change(false, false);
    }

    /// How often somebody found the cable cut.
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

    private void change(boolean cut, boolean held) {
        lock.lock();
        try {
            isCut = cut;
            isHeld = held;
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
            while (isHeld) {
                changed.awaitUninterruptibly();
            }
            if (isCut) {
                failures.incrementAndGet();
                throw new SQLException("the cable is cut");
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
