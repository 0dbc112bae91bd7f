package dev.orderflow.analytics;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// Records every statement and commit that is sent to the database.
final class RoundTripCounter {

    static final List<String> NOTED = new CopyOnWriteArrayList<>();

    private RoundTripCounter() {}

    @TestConfiguration(proxyBeanMethods = false)
    static class CountingConfiguration {

        @Bean
        static BeanPostProcessor notingDataSource() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource dataSource
                            ? new CountingDataSource(dataSource)
                            : bean;
                }
            };
        }
    }

    private static final class CountingDataSource extends DelegatingDataSource {

        CountingDataSource(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            var connection = super.getConnection();
            return (Connection)
                    Proxy.newProxyInstance(
                            CountingDataSource.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (_, method, arguments) -> {
                                switch (method.getName()) {
                                    case "prepareStatement", "commit", "rollback" ->
                                            NOTED.add(method.getName());
                                    default -> {}
                                }
                                try {
                                    return method.invoke(connection, arguments);
                                } catch (InvocationTargetException failed) {
                                    throw failed.getCause();
                                }
                            });
        }
    }
}
