package dev.orderflow.outboxpeers;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.modulith.events.core.EventPublicationRegistry;
import org.springframework.modulith.events.core.PublicationTargetIdentifier;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.event.TransactionalApplicationListenerMethodAdapter;
import org.springframework.transaction.event.TransactionalEventListener;

/// [Spring Modulith](https://docs.spring.io/spring-modulith/reference/events.html): publications to
/// listeners are stored, and made after the commit by the instance that stored them; those that
/// failed are submitted again when the application asks for it.
final class ModulithOutbox implements PeerOutbox {

    private static final Map<String, String> COMMON =
            Map.of(
                    "spring.modulith.events.completion-mode", "delete",
                    "spring.modulith.events.jdbc.schema-initialization.enabled", "false",
                    // A backlog is published when an instance starts.
                    "spring.modulith.events.republish-outstanding-events-on-restart", "true",
                    "logging.level.org.springframework.modulith", "error",
                    "logging.level.org.springframework.aop", "off");

    /// Publications of an instance that died count as failed after a second.
    private static final Map<String, String> SHORT_DELAYS =
            Map.of(
                    "spring.modulith.events.staleness.published", "1s",
                    "spring.modulith.events.staleness.processing", "1s",
                    "spring.modulith.events.staleness.resubmitted", "1s",
                    "spring.modulith.events.staleness.check-interval", "200ms");

    private static final String LISTENER = findListenerId();

    /// Its configurations, some of which are not public.
    static final class ModulithConfigurations implements ImportSelector {

        @Override
        public String[] selectImports(AnnotationMetadata importing) {
            return new String[] {
                "org.springframework.modulith.events.jackson.JacksonEventSerializationConfiguration",
                "org.springframework.modulith.events.jdbc.JdbcEventPublicationAutoConfiguration",
                "org.springframework.modulith.events.config.EventPublicationAutoConfiguration"
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    @ImportAutoConfiguration({
        JacksonAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        TransactionAutoConfiguration.class
    })
    @Import(ModulithConfigurations.class)
    static class ModulithApplication {

        @Bean
        SinkListener listener(PeerSink sink) {
            return new SinkListener(sink);
        }

        @Bean
        Resubmission resubmission(IncompleteEventPublications publications) {
            return new Resubmission(publications);
        }

        @Bean
        ThreadPoolTaskExecutor applicationTaskExecutor() {
            var threads = new ThreadPoolTaskExecutor();
            threads.setCorePoolSize(PeerSink.MAX_CALLS);
            threads.setMaxPoolSize(PeerSink.MAX_CALLS);
            return threads;
        }
    }

    /// Publishes.
    public static class SinkListener {

        private final PeerSink sink;

        SinkListener(PeerSink sink) {
            this.sink = sink;
        }

        /// For the proxy.
        protected SinkListener() {
            this(_ -> List.of());
        }

        /// An event was committed, or is submitted again.
        @Async
        @TransactionalEventListener
        public void on(PeerEvent event) {
            sink.publishOne(event);
        }
    }

    /// What an application must do itself.
    static class Resubmission {

        private final IncompleteEventPublications publications;

        Resubmission(IncompleteEventPublications publications) {
            this.publications = publications;
        }

        @Scheduled(fixedDelay = 50)
        void resubmit() {
            publications.resubmitIncompletePublications(
                    ResubmissionOptions.defaults().withBatchSize(200));
        }
    }

    private static String findListenerId() {
        try {
            return new TransactionalApplicationListenerMethodAdapter(
                            "listener",
                            SinkListener.class,
                            SinkListener.class.getMethod("on", PeerEvent.class))
                    .getListenerId();
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void createTables(DataSource database) {
        new ResourceDatabasePopulator(
                        new ClassPathResource(
                                "org/springframework/modulith/events/jdbc/schemas/v2/schema-postgresql.sql"))
                .execute(database);
    }

    @Override
    public PeerInstance start(DataSource database, PeerSink sink, PeerTuning tuning) {
        var properties = new LinkedHashMap<>(COMMON);
        if (tuning == PeerTuning.SHORT_DELAYS) {
            properties.putAll(SHORT_DELAYS);
        }
        var application =
                SpringPeer.start(
                        ModulithApplication.class,
                        database,
                        new JdbcTransactionManager(database),
                        sink,
                        properties,
                        true);
        var events = application.events();
        return new PeerInstance() {
            @Override
            public void store(PeerWork work, PeerEvent event) {
                application.inTransaction(work, _ -> events.publishEvent(event));
            }

            @Override
            public void close() {
                application.close();
            }
        };
    }

    @Override
    public PeerStore openStore(DataSource database) {
        var borrowed = new BorrowedConnections(database);
        var properties = new LinkedHashMap<>(COMMON);
        properties.put("spring.modulith.events.republish-outstanding-events-on-restart", "false");
        var application =
                SpringPeer.start(
                        ModulithStoreApplication.class,
                        borrowed,
                        borrowed.transactions(),
                        _ -> List.of(),
                        properties,
                        false);
        var registry = application.bean(EventPublicationRegistry.class);
        return new PeerStore() {
            @Override
            public void store(Connection transaction, PeerEvent event) throws SQLException {
                borrowed.use(
                        transaction,
                        () ->
                                registry.store(
                                        event,
                                        Stream.of(PublicationTargetIdentifier.of(LISTENER))));
            }

            @Override
            public void close() {
                application.close();
            }
        };
    }

    /// Without listeners and schedules.
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        JacksonAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        TransactionAutoConfiguration.class
    })
    @Import(ModulithConfigurations.class)
    static class ModulithStoreApplication {}

    /// It retries for ever.
    @Override
    public List<String> findParked(DataSource database) {
        return List.of();
    }

    @Override
    public List<String> tables() {
        return List.of("event_publication", "event_publication_archive");
    }
}
