package dev.orderflow.asdeployed;

import dev.orderflow.asdeployed.Deployment.Created;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Creates queues, topics, and what belongs to event buses.
final class MessagingResources {

    private static final Pattern SECRET =
            Pattern.compile("\\{\\{resolve:secretsmanager:(.*?):SecretString:::}}");

    private final CloudClients clients;
    private final UnaryOperator<String> secrets;

    /// @param secrets returns the value of a secret, for the key of a connection
    MessagingResources(CloudClients clients, UnaryOperator<String> secrets) {
        this.clients = clients;
        this.secrets = secrets;
    }

    Created queue(Properties in) {
        var name = in.text("QueueName");
        var attributes = new HashMap<QueueAttributeName, String>();
        in.optional("VisibilityTimeout")
                .ifPresent(it -> attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, it));
        in.optional("MessageRetentionPeriod")
                .ifPresent(it -> attributes.put(QueueAttributeName.MESSAGE_RETENTION_PERIOD, it));
        var redrive = in.get("RedrivePolicy");
        if (!redrive.isMissingNode()) {
            attributes.put(QueueAttributeName.REDRIVE_POLICY, redrive.toString());
        }
        var sources = in.get("RedriveAllowPolicy");
        if (!sources.isMissingNode()) {
            attributes.put(QueueAttributeName.REDRIVE_ALLOW_POLICY, sources.toString());
        }
        var url =
                clients.sqs()
                        .createQueue(create -> create.queueName(name).attributes(attributes))
                        .queueUrl();
        var arn = queueArn(url);
        in.optional("KmsMasterKeyId")
                .ifPresent(key -> clients.accessControl().setEncryptionKey(arn, key));
        return new Created(url, Map.of("Arn", arn, "QueueName", name, "QueueUrl", url));
    }

    String queueArn(String url) {
        return clients.arn("sqs", url.substring(url.lastIndexOf('/') + 1));
    }

    Created topic(Properties in) {
        var name = in.text("TopicName");
        var attributes = new HashMap<String, String>();
        in.optional("DisplayName").ifPresent(it -> attributes.put("DisplayName", it));
        var arn =
                clients.sns()
                        .createTopic(create -> create.name(name).attributes(attributes))
                        .topicArn();
        in.optional("KmsMasterKeyId")
                .ifPresent(key -> clients.accessControl().setEncryptionKey(arn, key));
        return new Created(arn, Map.of("TopicArn", arn, "TopicName", name));
    }

    Created bus(Properties in) {
        var name = in.text("Name");
        var arn = clients.events().createEventBus(create -> create.name(name)).eventBusArn();
        in.optional("KmsKeyIdentifier")
                .ifPresent(key -> clients.accessControl().setEncryptionKey(arn, key));
        // The dead-letter queue is for events that EventBridge cannot decrypt.
        in.accept("DeadLetterConfig");
        return new Created(name, Map.of("Arn", arn, "Name", name));
    }

    Created rule(Properties in) {
        var name = in.text("Name");
        var bus = in.optional("EventBusName").orElse("default");
        var pattern = in.get("EventPattern").toString();
        var description = in.optional("Description").orElse("");
        var arn =
                clients.events()
                        .putRule(
                                put ->
                                        put.name(name)
                                                .eventBusName(bus)
                                                .eventPattern(pattern)
                                                .description(description))
                        .ruleArn();
        for (var target : in.parts("Targets")) {
            var put = target(target);
            var refused =
                    clients.events()
                            .putTargets(it -> it.rule(name).eventBusName(bus).targets(put))
                            .failedEntries();
            if (!refused.isEmpty()) {
                throw new DeploymentException(
                        "rule %s: %s".formatted(name, refused.getFirst().errorMessage()));
            }
        }
        return Created.withArn(name, arn);
    }

    private static Target target(Properties in) {
        var retry = in.part("RetryPolicy");
        var dead = in.part("DeadLetterConfig");
        var target =
                Target.builder()
                        .id(in.text("Id"))
                        .arn(in.text("Arn"))
                        .retryPolicy(
                                it ->
                                        it.maximumEventAgeInSeconds(
                                                        retry.get("MaximumEventAgeInSeconds")
                                                                .intValue())
                                                .maximumRetryAttempts(
                                                        retry.get("MaximumRetryAttempts")
                                                                .intValue()))
                        .deadLetterConfig(it -> it.arn(dead.text("Arn")))
                        .build();
        retry.requireAllRead();
        dead.requireAllRead();
        in.requireAllRead();
        return target;
    }

    Created archive(Properties in) {
        var name = in.text("ArchiveName");
        var source = in.text("SourceArn");
        var days = in.get("RetentionDays").intValue();
        in.accept("Description", "KmsKeyIdentifier");
        var arn =
                clients.events()
                        .createArchive(
                                create ->
                                        create.archiveName(name)
                                                .eventSourceArn(source)
                                                .retentionDays(days))
                        .archiveArn();
        return Created.withArn(name, arn);
    }

    Created connection(Properties in) {
        var name = in.text("Name");
        var type = in.text("AuthorizationType");
        var auth = in.part("AuthParameters");
        var apiKey = auth.part("ApiKeyAuthParameters");
        var header = apiKey.text("ApiKeyName");
        var value = withSecrets(apiKey.text("ApiKeyValue"));
        apiKey.requireAllRead();
        auth.requireAllRead();
        // LoadBalancer replaces the private connection.
        var connectivity = in.part("InvocationConnectivityParameters");
        var way = connectivity.part("ResourceParameters");
        var configuration = way.text("ResourceConfigurationArn");
        way.requireAllRead();
        connectivity.requireAllRead();
        in.accept("Description");
        var arn =
                clients.events()
                        .createConnection(
                                create ->
                                        create.name(name)
                                                .authorizationType(type)
                                                .invocationConnectivityParameters(
                                                        it ->
                                                                it.resourceParameters(
                                                                        to ->
                                                                                to
                                                                                        .resourceConfigurationArn(
                                                                                                configuration)))
                                                .authParameters(
                                                        it ->
                                                                it.apiKeyAuthParameters(
                                                                        key ->
                                                                                key.apiKeyName(
                                                                                                header)
                                                                                        .apiKeyValue(
                                                                                                value))))
                        .connectionArn();
        var secret =
                clients.events().describeConnection(describe -> describe.name(name)).secretArn();
        return new Created(name, Map.of("Arn", arn, "SecretArn", secret));
    }

    private String withSecrets(String text) {
        return SECRET.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(secrets.apply(match.group(1))));
    }
}
