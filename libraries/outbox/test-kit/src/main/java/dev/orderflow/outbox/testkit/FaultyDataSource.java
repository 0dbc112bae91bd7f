package dev.orderflow.outbox.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

/// The database as one instance sees it: it can kill the instance before any step, pause it, or
/// refuse writes.
///
/// A step is the execution of a statement or a commit. A killed instance loses its open connections
/// as a dead process does, which rolls their transactions back, and never reaches the database
/// again.
final class FaultyDataSource extends AbstractDataSource {

    private static final Set<String> EXECUTIONS =
            Set.of(
                    "execute",
                    "executeQuery",
                    "executeUpdate",
                    "executeBatch",
                    "executeLargeUpdate",
                    "executeLargeBatch");

    private final DataSource database;
    private final @Nullable String sessionSetup;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private long stepsLeft = Long.MAX_VALUE;
    private long steps;
    private boolean isKilled;
    private boolean isPaused;
    private boolean isDiskFull;
    private int paused;

    FaultyDataSource(DataSource database) {
        this(database, null);
    }

    /// @param sessionSetup runs on each connection
    FaultyDataSource(DataSource database, @Nullable String sessionSetup) {
        this.database = database;
        this.sessionSetup = sessionSetup;
    }

    /// Kills the instance after a number of further steps.
    void killAfter(long steps) {
        lock.lock();
        try {
            stepsLeft = steps;
        } finally {
            lock.unlock();
        }
        if (steps == 0) {
            kill();
        }
    }

    /// How many steps the instance has begun.
    long steps() {
        lock.lock();
        try {
            return steps;
        } finally {
            lock.unlock();
        }
    }

    /// Kills the instance now.
    void kill() {
        lock.lock();
        try {
            isKilled = true;
            isPaused = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (var connection : open) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException _) {
                // It was closed already.
            }
        }
    }

    boolean isKilled() {
        lock.lock();
        try {
            return isKilled;
        } finally {
            lock.unlock();
        }
    }

    /// Stops the instance at its next step until [#resume].
    void pause() {
        setPaused(true);
    }

    void resume() {
        setPaused(false);
    }

    private void setPaused(boolean value) {
        lock.lock();
        try {
            isPaused = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether the instance waits at a step.
    boolean hasPausedCaller() {
        lock.lock();
        try {
            return paused > 0;
        } finally {
            lock.unlock();
        }
    }

    /// Refuses writes as PostgreSQL does on a full disk.
    void setDiskFull(boolean value) {
        lock.lock();
        try {
            isDiskFull = value;
        } finally {
            lock.unlock();
        }
    }

    private void step(@Nullable String sql) throws SQLException {
        boolean kills = false;
        lock.lock();
        try {
            paused++;
            while (isPaused && !isKilled) {
                changed.awaitUninterruptibly();
            }
            paused--;
            steps++;
            if (!isKilled && stepsLeft != Long.MAX_VALUE && stepsLeft-- <= 0) {
                kills = true;
            }
            if (isKilled) {
                throw new SQLException("the instance is dead", "08006");
            }
            if (isDiskFull && sql != null && isWrite(sql)) {
                throw new SQLException("could not extend file: No space left on device", "53100");
            }
        } finally {
            lock.unlock();
        }
        if (kills) {
            kill();
            throw new SQLException("the instance is dead", "08006");
        }
    }

    private static boolean isWrite(String sql) {
        var text = sql.toUpperCase(java.util.Locale.ROOT);
        return text.contains("INSERT ")
                || text.contains("UPDATE ")
                || text.contains("DELETE ")
                || text.contains("CALL ");
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (isKilled()) {
            throw new SQLException("the instance is dead", "08006");
        }
        var connection = database.getConnection();
        open.add(connection);
        if (sessionSetup != null) {
            try (var statement = connection.createStatement()) {
                statement.execute(sessionSetup);
            }
        }
        return proxy(
                Connection.class,
                (method, arguments) -> {
                    switch (method.getName()) {
                        case "commit" -> step(null);
                        case "close" -> open.remove(connection);
                        default -> {}
                    }
                    var result = call(connection, method, arguments);
                    var sql =
                            arguments.length > 0 && arguments[0] instanceof String text
                                    ? text
                                    : null;
                    return switch (result) {
                        case CallableStatement it -> statement(CallableStatement.class, it, sql);
                        case PreparedStatement it -> statement(PreparedStatement.class, it, sql);
                        case Statement it -> statement(Statement.class, it, sql);
                        case null -> null;
                        default -> result;
                    };
                });
    }

    private <S extends Statement> S statement(Class<S> type, S statement, @Nullable String sql) {
        return proxy(
                type,
                (method, arguments) -> {
                    if (EXECUTIONS.contains(method.getName())) {
                        step(
                                arguments.length > 0 && arguments[0] instanceof String text
                                        ? text
                                        : sql);
                    }
                    return call(statement, method, arguments);
                });
    }

    private interface Interception {
        @Nullable Object call(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Interception interception) {
        return type.cast(
                Proxy.newProxyInstance(
                        FaultyDataSource.class.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) ->
                                interception.call(
                                        method, arguments == null ? new Object[0] : arguments)));
    }

    private static @Nullable Object call(Object target, Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause() == null ? failed : failed.getCause();
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }
}
