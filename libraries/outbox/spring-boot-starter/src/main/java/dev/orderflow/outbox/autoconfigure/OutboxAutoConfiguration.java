package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.ClaimCheckFormat;
import dev.orderflow.outbox.ClaimCheckTarget;
import dev.orderflow.outbox.JdbcOutboxPublisher;
import dev.orderflow.outbox.OutboxEventQueries;
import dev.orderflow.outbox.OutboxMonitor;
import dev.orderflow.outbox.OutboxPublisher;
import dev.orderflow.outbox.OutboxRelay;
import dev.orderflow.outbox.OutboxTarget;
import dev.orderflow.outbox.ParkedEventListener;
import dev.orderflow.outbox.ParkedEvents;
import dev.orderflow.outbox.PayloadStore;
import dev.orderflow.outbox.RelayObserver;
import dev.orderflow.outbox.RelayWakeUp;
import dev.orderflow.outbox.eventbridge.S3PayloadStore;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import java.util.ArrayList;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;

/// The outbox of an application with one data source.
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
            "io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration",
            "io.awspring.cloud.autoconfigure.s3.S3AutoConfiguration"
        })
@ConditionalOnBean({DataSource.class, PlatformTransactionManager.class})
@Conditional(OnOutboxTarget.class)
@EnableConfigurationProperties(OutboxProperties.class)
public class OutboxAutoConfiguration {

    /// Runs after the application's own migrations, which expect an empty database.
    @Bean
    @ConditionalOnProperty(name = "outbox.migration.enabled", matchIfMissing = true)
    OutboxMigration outboxMigration(
            DataSource database,
            ObjectProvider<FlywayConfigurationCustomizer> customizers,
            ObjectProvider<FlywayMigrationInitializer> applicationMigrations) {
        applicationMigrations.stream().forEach(_ -> {});
        return new OutboxMigration(database, customizers.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean
    RelayWakeUp outboxRelayWakeUp() {
        return new RelayWakeUp();
    }

    @Bean
    @ConditionalOnMissingBean
    OutboxPublisher outboxPublisher(
            DataSource database,
            OutboxTargets targets,
            OutboxProperties properties,
            RelayWakeUp relays) {
        return new JdbcOutboxPublisher(
                database, targets.routing(properties.routes(), properties.defaultTarget()), relays);
    }

    @Bean
    @ConditionalOnMissingBean
    ParkedEventListener parkedEventListener() {
        return ParkedEventListener.none();
    }

    @Bean
    @ConditionalOnMissingBean
    ParkedEvents parkedEvents(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ParkedEventListener listener,
            RelayWakeUp relays) {
        return new ParkedEvents(jdbc, new TransactionTemplate(transactions), listener, relays);
    }

    @Bean
    @ConditionalOnMissingBean
    OutboxEventQueries outboxEventQueries(JdbcClient jdbc) {
        return new OutboxEventQueries(jdbc);
    }

    @Bean
    @ConditionalOnMissingBean
    OutboxMonitor outboxMonitor(JdbcClient jdbc) {
        return new OutboxMonitor(jdbc);
    }

    @Bean
    @ConditionalOnProperty(name = "outbox.enabled", matchIfMissing = true)
    OutboxRelays outboxRelays(
            OutboxTargets targets,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ParkedEventListener listener,
            OutboxProperties properties,
            ObjectProvider<RelayObserver> observers,
            RelayWakeUp wakeUp) {
        var observer = RelayObserver.all(observers.stream().toList());
        return new OutboxRelays(
                () -> {
                    var relays = new ArrayList<OutboxRelay>();
                    targets.byName()
                            .forEach(
                                    (name, target) ->
                                            relays.add(
                                                    new OutboxRelay(
                                                            name,
                                                            target,
                                                            jdbc,
                                                            new TransactionTemplate(transactions),
                                                            listener,
                                                            properties.relay().toSettings(),
                                                            observer)));
                    relays.forEach(wakeUp::register);
                    return relays;
                });
    }

    /// The configured targets and those that are beans.
    @Bean
    @ConditionalOnMissingBean
    OutboxTargets outboxTargets(
            OutboxProperties properties,
            ListableBeanFactory beans,
            OutboxAwsClients clients,
            ObjectProvider<PayloadStore> payloadStore,
            ObjectProvider<ClaimCheckFormat> format) {
        var store = payloadStore.getIfAvailable(() -> bucketStore(properties, clients));
        var targets = new TreeMap<String, OutboxTarget>();
        properties
                .targets()
                .forEach(
                        (name, target) -> {
                            var direct = clients.createTarget(name, target);
                            targets.put(
                                    name,
                                    store == null
                                            ? direct
                                            : new ClaimCheckTarget(
                                                    direct,
                                                    store,
                                                    format.getIfAvailable(ClaimCheckFormat::json),
                                                    target.maxPayloadSize().toBytes()));
                        });
        targets.putAll(beans.getBeansOfType(OutboxTarget.class));
        return new OutboxTargets(targets);
    }

    private static @Nullable PayloadStore bucketStore(
            OutboxProperties properties, OutboxAwsClients clients) {
        var bucket = properties.claimCheckBucket();
        return bucket == null || bucket.isBlank() ? null : new S3PayloadStore(clients::s3, bucket);
    }

    /// Clients with Spring Cloud AWS's endpoint, region and credentials.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(AwsClientBuilderConfigurer.class)
    static class SpringCloudAwsClientConfiguration {

        @Bean
        OutboxAwsClients outboxAwsClients(
                ListableBeanFactory beans,
                OutboxProperties properties,
                ObjectProvider<AwsClientBuilderConfigurer> configurer) {
            return new OutboxAwsClients(
                    beans,
                    properties,
                    new OutboxAwsClients.ClientConfigurer() {
                        @Override
                        public <B extends AwsClientBuilder<B, ?>> void configure(B builder) {
                            configurer.ifAvailable(it -> it.configure(builder));
                        }
                    });
        }
    }

    /// Clients with the SDK's own endpoint, region and credentials.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer")
    static class SdkClientConfiguration {

        @Bean
        OutboxAwsClients outboxAwsClients(ListableBeanFactory beans, OutboxProperties properties) {
            return new OutboxAwsClients(
                    beans,
                    properties,
                    new OutboxAwsClients.ClientConfigurer() {
                        @Override
                        public <B extends AwsClientBuilder<B, ?>> void configure(B builder) {}
                    });
        }
    }
}
