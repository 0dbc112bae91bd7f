package dev.orderflow.order;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/// Records the round trips of each transaction to the database.
public final class RoundTripRecorder implements BeanPostProcessor {

    private final List<List<String>> transactions = new CopyOnWriteArrayList<>();

    /// The committed transactions with a statement that contains the text.
    public List<List<String>> findContaining(String words) {
        return transactions.stream()
                .filter(trips -> trips.stream().anyMatch(sql -> sql.contains(words)))
                .toList();
    }

    public void clear() {
        transactions.clear();
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source ? record(source) : bean;
    }

    private DataSource record(DataSource source) {
        return proxy(
                DataSource.class,
                (method, arguments) -> {
                    var result = method.invoke(source, arguments);
                    return result instanceof Connection connection ? record(connection) : result;
                });
    }

    private Connection record(Connection connection) {
        var trips = new ArrayList<String>();
        return proxy(
                Connection.class,
                (method, arguments) -> {
                    var result = method.invoke(connection, arguments);
                    if (method.getName().equals("commit")) {
                        trips.add("COMMIT");
                        transactions.add(List.copyOf(trips));
                        trips.clear();
                    } else if (result instanceof PreparedStatement statement) {
                        return record(statement, arguments[0].toString(), trips);
                    }
                    return result;
                });
    }

    private static PreparedStatement record(
            PreparedStatement statement, String sql, List<String> trips) {
        return proxy(
                PreparedStatement.class,
                (method, arguments) -> {
                    if (method.getName().startsWith("execute")) {
                        trips.add(sql);
                    }
                    return method.invoke(statement, arguments);
                });
    }

    private static <T> T proxy(Class<T> type, InvocationRecorder call) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            try {
                                return call.on(method, arguments);
                            } catch (InvocationTargetException failed) {
                                throw failed.getCause();
                            }
                        }));
    }

    private interface InvocationRecorder {
        Object on(java.lang.reflect.Method method, Object[] arguments) throws Throwable;
    }
}
