package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxTarget;
import dev.orderflow.outbox.autoconfigure.OutboxProperties.TargetProperties;
import dev.orderflow.outbox.eventbridge.EventBridgeTarget;
import dev.orderflow.outbox.eventbridge.SnsTarget;
import dev.orderflow.outbox.eventbridge.SqsTarget;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/// Creates the configured targets and the client of S3. A client that is a bean of the application
/// is used; otherwise one is created with a time-out and connections for the relay.
final class OutboxAwsClients implements DisposableBean {

    private final ListableBeanFactory beans;
    private final OutboxProperties properties;
    private final ClientConfigurer configurer;

    /// That of S3 is created on the thread of a call.
    private final List<SdkAutoCloseable> created = new CopyOnWriteArrayList<>();

    /// Sets endpoint, region and credentials.
    interface ClientConfigurer {
        <B extends AwsClientBuilder<B, ?>> void configure(B builder);
    }

    OutboxAwsClients(
            ListableBeanFactory beans, OutboxProperties properties, ClientConfigurer configurer) {
        this.beans = beans;
        this.properties = properties;
        this.configurer = configurer;
    }

    /// Creates a target.
    ///
    /// @throws IllegalStateException when its properties name none or several
    OutboxTarget createTarget(String name, TargetProperties target) {
        long kinds =
                Stream.of(target.bus(), target.topicArn(), target.queueUrl())
                        .filter(Objects::nonNull)
                        .count();
        if (kinds != 1) {
            throw new IllegalStateException(
                    "outbox.targets.%s needs exactly one of bus, topic-arn and queue-url"
                            .formatted(name));
        }
        var bus = target.bus();
        if (bus != null) {
            var source = target.source();
            if (source == null) {
                throw new IllegalStateException("outbox.targets.%s needs source".formatted(name));
            }
            return new EventBridgeTarget(
                    client(EventBridgeClient.class, EventBridgeClient.builder()), bus, source);
        }
        var topic = target.topicArn();
        if (topic != null) {
            return new SnsTarget(client(SnsClient.class, SnsClient.builder()), topic);
        }
        return new SqsTarget(
                client(SqsClient.class, SqsClient.builder()),
                Objects.requireNonNull(target.queueUrl()));
    }

    /// The client for the store of large payloads.
    S3Client s3() {
        return client(S3Client.class, S3Client.builder());
    }

    private <
                    B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>,
                    C extends SdkAutoCloseable>
            C client(Class<C> type, B builder) {
        var bean = beans.getBeanProvider(type).getIfAvailable();
        if (bean != null) {
            return bean;
        }
        configurer.configure(builder);
        builder.httpClientBuilder(
                Apache5HttpClient.builder()
                        .maxConnections(properties.relay().maxConcurrentCalls()));
        builder.overrideConfiguration(
                builder.overrideConfiguration().toBuilder()
                        .apiCallTimeout(properties.callTimeout())
                        .build());
        var client = builder.build();
        created.add(client);
        return client;
    }

    @Override
    public void destroy() {
        created.forEach(SdkAutoCloseable::close);
    }
}
