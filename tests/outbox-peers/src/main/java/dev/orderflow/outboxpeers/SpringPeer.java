package dev.orderflow.outboxpeers;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanDefinitionCustomizer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// A Spring Boot application around a library that is configured by Spring Boot.
final class SpringPeer implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final DataSource database;
    private final TransactionTemplate transactions;

    private SpringPeer(ConfigurableApplicationContext context, DataSource database) {
        this.context = context;
        this.database = database;
        this.transactions =
                new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    /// Starts an application.
    ///
    /// @param runs false for an application in which no bean of the library is started
    static SpringPeer start(
            Class<?> configuration,
            DataSource database,
            PlatformTransactionManager transactionManager,
            PeerSink sink,
            Map<String, String> properties,
            boolean runs) {
        var all = new LinkedHashMap<String, Object>(properties);
        all.put("spring.main.banner-mode", "off");
        all.put("spring.main.log-startup-info", "false");
        ApplicationContextInitializer<GenericApplicationContext> beans =
                context -> {
                    // Both are closed by their owner, and used again by the next instance.
                    BeanDefinitionCustomizer isNotClosed =
                            definition -> definition.setDestroyMethodName("");
                    context.registerBean(
                            "dataSource", DataSource.class, () -> database, isNotClosed);
                    context.registerBean(PeerSink.class, () -> sink, isNotClosed);
                    context.registerBean(
                            PlatformTransactionManager.class, () -> transactionManager);
                    if (!runs) {
                        context.registerBean(
                                AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME,
                                LifecycleProcessor.class,
                                NothingStarts::new);
                    }
                };
        return new SpringPeer(
                new SpringApplicationBuilder(configuration)
                        .web(WebApplicationType.NONE)
                        .registerShutdownHook(false)
                        .properties(all)
                        .initializers(beans)
                        .run(),
                database);
    }

    private static final class NothingStarts implements LifecycleProcessor {

        @Override
        public void onRefresh() {}

        @Override
        public void onClose() {}

        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ApplicationEventPublisher events() {
        return context;
    }

    /// Runs work and then stores an event in one transaction.
    void inTransaction(PeerOutbox.PeerWork work, Consumer<SpringPeer> store) {
        transactions.executeWithoutResult(
                _ -> {
                    try {
                        work.run(DataSourceUtils.getConnection(database));
                    } catch (SQLException failed) {
                        throw new IllegalStateException(failed);
                    }
                    store.accept(this);
                });
    }

    @Override
    public void close() {
        context.close();
    }
}
