package dev.orderflow.asdeployed;

import static java.util.stream.Collectors.toMap;

import dev.orderflow.asdeployed.Deployment.Created;
import dev.orderflow.asdeployed.Templates.Resource;
import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localcloud.iam.AccessControl;
import dev.orderflow.localcloud.iam.PolicyDocument;
import dev.orderflow.localcloud.ports.Authorizer.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.EncryptionConfiguration;
import software.amazon.awssdk.services.sfn.model.RoutingConfigurationListItem;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Creates the resources of templates in local-cloud, through its public APIs where it has them.
///
/// What it has no counterpart for gets identifiers and nothing else; a type that is not listed here
/// is an error, and so is a property nobody reads.
final class LocalCloudFactory implements Deployment.Factory, AutoCloseable {

    /// Types that local-cloud has no counterpart for.
    private static final Set<String> IDENTIFIERS_ONLY =
            Set.of(
                    "AWS::ApplicationAutoScaling::ScalableTarget",
                    "AWS::ApplicationAutoScaling::ScalingPolicy",
                    "AWS::Budgets::Budget",
                    "AWS::CertificateManager::Certificate",
                    "AWS::Cognito::UserPool",
                    "AWS::Cognito::UserPoolClient",
                    "AWS::Cognito::UserPoolDomain",
                    "AWS::Cognito::UserPoolResourceServer",
                    "AWS::EC2::EIP",
                    "AWS::EC2::FlowLog",
                    "AWS::EC2::InternetGateway",
                    "AWS::EC2::NatGateway",
                    "AWS::EC2::Route",
                    "AWS::EC2::RouteTable",
                    "AWS::EC2::SecurityGroup",
                    "AWS::EC2::SecurityGroupEgress",
                    "AWS::EC2::SecurityGroupIngress",
                    "AWS::EC2::Subnet",
                    "AWS::EC2::SubnetRouteTableAssociation",
                    "AWS::EC2::VPC",
                    "AWS::EC2::VPCEndpoint",
                    "AWS::EC2::VPCGatewayAttachment",
                    "AWS::ECR::Repository",
                    "AWS::ECS::Cluster",
                    "AWS::ElasticLoadBalancingV2::Listener",
                    "AWS::ElasticLoadBalancingV2::LoadBalancer",
                    "AWS::Logs::LogGroup",
                    "AWS::RDS::DBInstance",
                    "AWS::RDS::DBParameterGroup",
                    "AWS::RDS::DBSubnetGroup",
                    "AWS::Route53::HostedZone",
                    "AWS::Route53::RecordSet",
                    "AWS::Route53Resolver::FirewallDomainList",
                    "AWS::Route53Resolver::FirewallRuleGroup",
                    "AWS::Route53Resolver::FirewallRuleGroupAssociation",
                    "AWS::SES::ConfigurationSet",
                    // To a person's mailbox.
                    "AWS::SNS::Subscription",
                    "AWS::VpcLattice::ResourceConfiguration",
                    "AWS::VpcLattice::ResourceGateway",
                    "AWS::WAFv2::IPSet",
                    "AWS::WAFv2::LoggingConfiguration",
                    "AWS::WAFv2::WebACL",
                    "AWS::WAFv2::WebACLAssociation");

    private static final String REGION = "us-east-1";
    private static final Pattern SECRET =
            Pattern.compile("\\{\\{resolve:secretsmanager:(.*?):SecretString:::}}");
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{([A-Za-z0-9]+)}");

    private final String account;
    private final AccessControl accessControl;
    private final Map<String, String> secrets = new HashMap<>();
    private final Map<String, JsonNode> policies = new HashMap<>();
    private final List<TaskDefinition> tasks = new ArrayList<>();
    private final LoadBalancer loadBalancer;

    private final SqsClient sqs;
    private final SnsClient sns;
    private final EventBridgeClient events;
    private final SfnClient states;
    private final CloudWatchClient cloudWatch;
    private final S3Client s3;
    private final SesV2Client ses;
    private final KmsClient kms;

    LocalCloudFactory(LocalCloud cloud, String account, LoadBalancer loadBalancer) {
        this.account = account;
        this.accessControl = cloud.accessControl();
        this.loadBalancer = loadBalancer;
        this.sqs = client(cloud, SqsClient.builder());
        this.sns = client(cloud, SnsClient.builder());
        this.events = client(cloud, EventBridgeClient.builder());
        this.states = client(cloud, SfnClient.builder());
        this.cloudWatch = client(cloud, CloudWatchClient.builder());
        this.s3 = client(cloud, S3Client.builder().forcePathStyle(true));
        this.ses = client(cloud, SesV2Client.builder());
        this.kms = client(cloud, KmsClient.builder());
    }

    private static <B extends AwsClientBuilder<B, C>, C> C client(LocalCloud cloud, B builder) {
        return builder.endpointOverride(cloud.endpoint())
                .region(Region.of(REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("administrator", "local")))
                .build();
    }

    /// The tasks of ECS that were defined.
    List<TaskDefinition> tasks() {
        return List.copyOf(tasks);
    }

    /// Gives a resource that no template has a policy.
    void allow(String arn, String role, String action) {
        var policy = JsonNodeFactory.instance.objectNode();
        policy.putArray("Statement")
                .addObject()
                .put("Effect", "Allow")
                .put("Action", action)
                .put("Resource", "*")
                .putObject("Principal")
                .put("AWS", role);
        accessControl.putResourcePolicy(arn, document(policy));
    }

    /// Adds to a resource's policy that nobody may do something with a part of it.
    void deny(String arn, String action, String part) {
        var policy = policyOf(arn).deepCopy();
        policy.withArray("Statement")
                .addObject()
                .put("Effect", "Deny")
                .put("Principal", "*")
                .put("Action", action)
                .put("Resource", arn + part);
        accessControl.putResourcePolicy(arn, document(policy));
    }

    /// Puts the policy of a resource back to that of its template.
    void restorePolicy(String arn) {
        accessControl.putResourcePolicy(arn, document(policyOf(arn)));
    }

    private ObjectNode policyOf(String arn) {
        if (policies.get(arn) instanceof ObjectNode policy) {
            return policy;
        }
        throw new DeploymentException("no template has a policy of " + arn);
    }

    /// Gives a secret another value.
    void putSecret(String arn, String value) {
        secret(arn);
        secrets.put(arn, value);
    }

    /// The value of a secret.
    String secret(String arn) {
        var value = secrets.get(arn);
        if (value == null) {
            throw new DeploymentException("there is no secret " + arn);
        }
        return value;
    }

    @Override
    public Created create(Resource resource, Properties properties) {
        if (IDENTIFIERS_ONLY.contains(resource.type())) {
            return identifiers(resource, properties);
        }
        var created =
                switch (resource.type()) {
                    case "AWS::SQS::Queue" -> queue(properties);
                    case "AWS::SQS::QueuePolicy" ->
                            policy(
                                    resource,
                                    properties,
                                    properties
                                            .get("Queues")
                                            .valueStream()
                                            .map(url -> queueArn(url.asString()))
                                            .toList());
                    case "AWS::SNS::Topic" -> topic(properties);
                    case "AWS::SNS::TopicPolicy" ->
                            policy(
                                    resource,
                                    properties,
                                    properties
                                            .get("Topics")
                                            .valueStream()
                                            .map(JsonNode::asString)
                                            .toList());
                    case "AWS::Events::EventBus" -> bus(properties);
                    case "AWS::Events::Rule" -> rule(properties);
                    case "AWS::Events::Archive" -> archive(properties);
                    case "AWS::Events::Connection" -> connection(properties);
                    case "AWS::StepFunctions::StateMachine" -> stateMachine(properties);
                    case "AWS::StepFunctions::StateMachineVersion" -> version(properties);
                    case "AWS::StepFunctions::StateMachineAlias" -> alias(properties);
                    case "AWS::CloudWatch::Alarm" -> alarm(properties);
                    case "AWS::CloudWatch::Dashboard" -> dashboard(properties);
                    case "AWS::S3::Bucket" -> bucket(resource, properties);
                    case "AWS::S3::BucketPolicy" ->
                            policy(
                                    resource,
                                    properties,
                                    List.of("arn:aws:s3:::" + properties.text("Bucket")));
                    case "AWS::IAM::Role" -> role(resource, properties);
                    case "AWS::KMS::Key" -> key(properties);
                    case "AWS::KMS::Alias" -> keyAlias(properties);
                    case "AWS::SES::EmailIdentity" -> emailIdentity(properties);
                    case "AWS::SecretsManager::Secret" -> secret(properties);
                    case "AWS::ECS::TaskDefinition" -> taskDefinition(resource, properties);
                    case "AWS::ECS::Service" -> service(resource, properties);
                    case "AWS::ElasticLoadBalancingV2::TargetGroup" ->
                            targetGroup(resource, properties);
                    case "AWS::ElasticLoadBalancingV2::ListenerRule" ->
                            listenerRule(resource, properties);
                    default ->
                            throw new DeploymentException(
                                    "%s: local-cloud knows no such type".formatted(resource));
                };
        properties.accept("Tags").requireAllRead();
        return created;
    }

    private Created queue(Properties in) {
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
        // Which queues may name it as their dead-letter queue; local-cloud lets all.
        in.accept("RedriveAllowPolicy");
        var url =
                sqs.createQueue(create -> create.queueName(name).attributes(attributes)).queueUrl();
        var arn = queueArn(url);
        in.optional("KmsMasterKeyId").ifPresent(key -> accessControl.setEncryptionKey(arn, key));
        return new Created(url, Map.of("Arn", arn, "QueueName", name, "QueueUrl", url));
    }

    private String queueArn(String url) {
        return arn("sqs", url.substring(url.lastIndexOf('/') + 1));
    }

    private String arn(String service, String resource) {
        return "arn:aws:%s:%s:%s:%s".formatted(service, REGION, account, resource);
    }

    private Created policy(Resource resource, Properties in, List<String> arns) {
        in.accept("Queues", "Topics", "Bucket");
        var policy = document(in.get("PolicyDocument"));
        arns.forEach(
                arn -> {
                    accessControl.putResourcePolicy(arn, policy);
                    policies.put(arn, in.get("PolicyDocument"));
                });
        return Created.named(resource.id());
    }

    private static PolicyDocument document(JsonNode policy) {
        return PolicyDocument.of(policy);
    }

    private Created topic(Properties in) {
        var name = in.text("TopicName");
        in.accept("DisplayName");
        var arn = sns.createTopic(create -> create.name(name)).topicArn();
        in.optional("KmsMasterKeyId").ifPresent(key -> accessControl.setEncryptionKey(arn, key));
        return new Created(arn, Map.of("TopicArn", arn, "TopicName", name));
    }

    private Created bus(Properties in) {
        var name = in.text("Name");
        var arn = events.createEventBus(create -> create.name(name)).eventBusArn();
        in.optional("KmsKeyIdentifier").ifPresent(key -> accessControl.setEncryptionKey(arn, key));
        // For events that EventBridge itself cannot decrypt.
        in.accept("DeadLetterConfig");
        return new Created(name, Map.of("Arn", arn, "Name", name));
    }

    private Created rule(Properties in) {
        var name = in.text("Name");
        var bus = in.optional("EventBusName").orElse("default");
        var pattern = in.get("EventPattern").toString();
        var description = in.optional("Description").orElse("");
        var arn =
                events.putRule(
                                put ->
                                        put.name(name)
                                                .eventBusName(bus)
                                                .eventPattern(pattern)
                                                .description(description))
                        .ruleArn();
        for (var target : in.parts("Targets")) {
            var put = target(target);
            var refused =
                    events.putTargets(it -> it.rule(name).eventBusName(bus).targets(put))
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

    private Created archive(Properties in) {
        var name = in.text("ArchiveName");
        var source = in.text("SourceArn");
        var days = in.get("RetentionDays").intValue();
        in.accept("Description", "KmsKeyIdentifier");
        var arn =
                events.createArchive(
                                create ->
                                        create.archiveName(name)
                                                .eventSourceArn(source)
                                                .retentionDays(days))
                        .archiveArn();
        return Created.withArn(name, arn);
    }

    private Created connection(Properties in) {
        var name = in.text("Name");
        var type = in.text("AuthorizationType");
        var auth = in.part("AuthParameters");
        var apiKey = auth.part("ApiKeyAuthParameters");
        var header = apiKey.text("ApiKeyName");
        var value = withSecrets(apiKey.text("ApiKeyValue"));
        apiKey.requireAllRead();
        auth.requireAllRead();
        // LoadBalancer stands in for the private way itself.
        var connectivity = in.part("InvocationConnectivityParameters");
        var way = connectivity.part("ResourceParameters");
        var configuration = way.text("ResourceConfigurationArn");
        way.requireAllRead();
        connectivity.requireAllRead();
        in.accept("Description");
        var arn =
                events.createConnection(
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
        var secret = events.describeConnection(describe -> describe.name(name)).secretArn();
        return new Created(name, Map.of("Arn", arn, "SecretArn", secret));
    }

    private String withSecrets(String text) {
        return SECRET.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(secret(match.group(1))));
    }

    private Created stateMachine(Properties in) {
        var name = in.text("StateMachineName");
        var type = in.text("StateMachineType");
        var role = in.text("RoleArn");
        var definition = filledIn(in.text("DefinitionString"), in.get("DefinitionSubstitutions"));
        var encryption = in.part("EncryptionConfiguration");
        var key = encryption.text("KmsKeyId");
        var reuse = encryption.get("KmsDataKeyReusePeriodSeconds").intValue();
        var configuration =
                EncryptionConfiguration.builder()
                        .type(encryption.text("Type"))
                        .kmsKeyId(key)
                        .kmsDataKeyReusePeriodSeconds(reuse)
                        .build();
        encryption.requireAllRead();
        // local-cloud writes no logs.
        in.accept("LoggingConfiguration");
        var arn =
                states.createStateMachine(
                                create ->
                                        create.name(name)
                                                .type(type)
                                                .roleArn(role)
                                                .definition(definition)
                                                .encryptionConfiguration(configuration))
                        .stateMachineArn();
        accessControl.setEncryptionKey(arn, key);
        accessControl.assumeRole(role, new Principal.ServicePrincipal("states.amazonaws.com", arn));
        var revision =
                states.describeStateMachine(describe -> describe.stateMachineArn(arn)).revisionId();
        return new Created(
                arn,
                Map.of(
                        "Arn",
                        arn,
                        "Name",
                        name,
                        "StateMachineRevisionId",
                        String.valueOf(revision)));
    }

    private static String filledIn(String definition, JsonNode substitutions) {
        return SUBSTITUTION
                .matcher(definition)
                .replaceAll(
                        match -> {
                            var value = substitutions.path(match.group(1));
                            if (value.isMissingNode()) {
                                throw new DeploymentException(
                                        "nothing is substituted for " + match.group());
                            }
                            return Matcher.quoteReplacement(value.asString());
                        });
    }

    private Created version(Properties in) {
        var machine = in.text("StateMachineArn");
        in.accept("StateMachineRevisionId", "Description");
        var arn =
                states.publishStateMachineVersion(publish -> publish.stateMachineArn(machine))
                        .stateMachineVersionArn();
        return Created.withArn(arn, arn);
    }

    private Created alias(Properties in) {
        var name = in.text("Name");
        in.accept("Description");
        var routes = new ArrayList<RoutingConfigurationListItem>();
        for (var route : in.parts("RoutingConfiguration")) {
            routes.add(
                    RoutingConfigurationListItem.builder()
                            .stateMachineVersionArn(route.text("StateMachineVersionArn"))
                            .weight(route.get("Weight").intValue())
                            .build());
            route.requireAllRead();
        }
        var arn =
                states.createStateMachineAlias(
                                create -> create.name(name).routingConfiguration(routes))
                        .stateMachineAliasArn();
        return Created.withArn(arn, arn);
    }

    private Created alarm(Properties in) {
        var name = in.text("AlarmName");
        var dimensions = dimensions(in);
        var metrics = new ArrayList<MetricDataQuery>();
        in.parts("Metrics").forEach(query -> metrics.add(query(query)));
        var actions = texts(in.get("AlarmActions"));
        var okActions = texts(in.get("OKActions"));
        cloudWatch.putMetricAlarm(
                put -> {
                    put.alarmName(name)
                            .alarmDescription(in.text("AlarmDescription"))
                            .threshold(in.get("Threshold").doubleValue())
                            .comparisonOperator(in.text("ComparisonOperator"))
                            .evaluationPeriods(in.get("EvaluationPeriods").intValue())
                            .datapointsToAlarm(in.get("DatapointsToAlarm").intValue())
                            .treatMissingData(in.text("TreatMissingData"))
                            .alarmActions(actions)
                            .okActions(okActions);
                    if (metrics.isEmpty()) {
                        put.namespace(in.text("Namespace"))
                                .metricName(in.text("MetricName"))
                                .dimensions(dimensions)
                                .period(in.get("Period").intValue());
                        in.optional("Statistic").ifPresent(put::statistic);
                        in.optional("ExtendedStatistic").ifPresent(put::extendedStatistic);
                    } else {
                        put.metrics(metrics);
                    }
                });
        return Created.withArn(name, arn("cloudwatch", "alarm:" + name));
    }

    private static List<Dimension> dimensions(Properties in) {
        var dimensions = new ArrayList<Dimension>();
        for (var dimension : in.parts("Dimensions")) {
            dimensions.add(
                    Dimension.builder()
                            .name(dimension.text("Name"))
                            .value(dimension.text("Value"))
                            .build());
            dimension.requireAllRead();
        }
        return dimensions;
    }

    private static MetricDataQuery query(Properties in) {
        var query =
                MetricDataQuery.builder()
                        .id(in.text("Id"))
                        .returnData(in.get("ReturnData").asBoolean(true));
        in.optional("Expression").ifPresent(query::expression);
        in.optional("Label").ifPresent(query::label);
        if (in.get("MetricStat").isObject()) {
            var of = in.part("MetricStat");
            var metric = of.part("Metric");
            query.metricStat(
                    stat ->
                            stat.metric(
                                            it ->
                                                    it.namespace(metric.text("Namespace"))
                                                            .metricName(metric.text("MetricName"))
                                                            .dimensions(dimensions(metric)))
                                    .period(of.get("Period").intValue())
                                    .stat(of.text("Stat")));
            metric.requireAllRead();
            of.requireAllRead();
        }
        in.optional("Period").map(Integer::valueOf).ifPresent(query::period);
        in.requireAllRead();
        return query.build();
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    private Created dashboard(Properties in) {
        var name = in.text("DashboardName");
        var body = in.text("DashboardBody");
        cloudWatch.putDashboard(put -> put.dashboardName(name).dashboardBody(body));
        return Created.named(name);
    }

    private Created bucket(Resource resource, Properties in) {
        var name =
                in.optional("BucketName").orElse(resource.id().toLowerCase(java.util.Locale.ROOT));
        s3.createBucket(create -> create.bucket(name));
        var rules = new ArrayList<LifecycleRule>();
        for (var rule : in.part("LifecycleConfiguration").parts("Rules")) {
            rules.add(
                    LifecycleRule.builder()
                            .id(rule.optional("Id").orElse("rule"))
                            .status(ExpirationStatus.fromValue(rule.text("Status")))
                            .filter(all -> all.prefix(""))
                            .expiration(
                                    after -> after.days(rule.get("ExpirationInDays").intValue()))
                            .build());
            // local-cloud has no uploads in parts.
            rule.accept("AbortIncompleteMultipartUpload").requireAllRead();
        }
        s3.putBucketLifecycleConfiguration(
                put -> put.bucket(name).lifecycleConfiguration(all -> all.rules(rules)));
        var arn = "arn:aws:s3:::" + name;
        in.get("BucketEncryption")
                .path("ServerSideEncryptionConfiguration")
                .forEach(
                        rule -> {
                            var key =
                                    rule.path("ServerSideEncryptionByDefault")
                                            .path("KMSMasterKeyID");
                            if (!key.isMissingNode()) {
                                accessControl.setEncryptionKey(arn, key.asString());
                            }
                        });
        in.accept("OwnershipControls", "PublicAccessBlockConfiguration");
        return Created.withArn(name, arn);
    }

    private Created role(Resource resource, Properties in) {
        var name = in.optional("RoleName").orElse(resource.id());
        var arn = "arn:aws:iam::%s:role/%s".formatted(account, name);
        var policies = new ArrayList<PolicyDocument>();
        for (var policy : in.parts("Policies")) {
            policies.add(document(policy.get("PolicyDocument")));
            policy.accept("PolicyName").requireAllRead();
        }
        in.accept("Description");
        accessControl.putRole(arn, document(in.get("AssumeRolePolicyDocument")), policies);
        return Created.withArn(name, arn);
    }

    private Created key(Properties in) {
        var policy = document(in.get("KeyPolicy"));
        in.accept("Description", "EnableKeyRotation", "MultiRegion", "PendingWindowInDays");
        var metadata = kms.createKey().keyMetadata();
        accessControl.putResourcePolicy(metadata.arn(), policy);
        return new Created(
                metadata.keyId(), Map.of("Arn", metadata.arn(), "KeyId", metadata.keyId()));
    }

    private Created keyAlias(Properties in) {
        var name = in.text("AliasName");
        var key = in.text("TargetKeyId");
        kms.createAlias(create -> create.aliasName(name).targetKeyId(key));
        return Created.named(name);
    }

    /// local-cloud verifies it at once, without DNS.
    private Created emailIdentity(Properties in) {
        var identity = in.text("EmailIdentity");
        ses.createEmailIdentity(create -> create.emailIdentity(identity));
        in.accept("ConfigurationSetAttributes", "FeedbackAttributes", "MailFromAttributes");
        return new Created(identity, attribute -> identity + "." + attribute);
    }

    private Created secret(Properties in) {
        var arn = arn("secretsmanager", "secret:" + in.text("Name") + "-abcdef");
        var length = in.get("GenerateSecretString").path("PasswordLength").asInt(32);
        in.optional("KmsKeyId").ifPresent(key -> accessControl.setEncryptionKey(arn, key));
        in.accept("Description");
        secrets.put(
                arn, UUID.randomUUID().toString().replace("-", "").repeat(2).substring(0, length));
        return new Created(arn, Map.of("Id", arn));
    }

    private Created taskDefinition(Resource resource, Properties in) {
        var containers = in.parts("ContainerDefinitions");
        if (containers.size() != 1) {
            throw new DeploymentException(resource + " must have one container");
        }
        var container = containers.getFirst();
        var task =
                new TaskDefinition(
                        container.text("Name"),
                        container.text("Image"),
                        in.text("TaskRoleArn"),
                        in.text("ExecutionRoleArn"),
                        pairs(container, "Environment", "Value"),
                        pairs(container, "Secrets", "ValueFrom"),
                        container
                                .get("LogConfiguration")
                                .path("Options")
                                .path("awslogs-group")
                                .asString(""));
        container
                .accept(
                        "Command",
                        "Essential",
                        "HealthCheck",
                        "LinuxParameters",
                        "MountPoints",
                        "PortMappings",
                        "ReadonlyRootFilesystem",
                        "StopTimeout",
                        "User",
                        "EntryPoint")
                .requireAllRead();
        in.accept(
                "Cpu",
                "Family",
                "Memory",
                "NetworkMode",
                "RequiresCompatibilities",
                "RuntimePlatform",
                "Volumes");
        tasks.add(task);
        return Created.named(arn("ecs", "task-definition/" + task.name()));
    }

    private static Map<String, String> pairs(Properties container, String list, String value) {
        return container
                .get(list)
                .valueStream()
                .collect(
                        toMap(
                                pair -> pair.path("Name").asString(),
                                pair -> pair.path(value).asString()));
    }

    private Created service(Resource resource, Properties in) {
        for (var target : in.get("LoadBalancers")) {
            loadBalancer.register(
                    target.path("TargetGroupArn").asString(),
                    new LoadBalancer.Target(
                            target.path("ContainerName").asString(),
                            target.path("ContainerPort").intValue()));
        }
        in.accept(
                "AvailabilityZoneRebalancing",
                "Cluster",
                "DeploymentConfiguration",
                "DeploymentController",
                "DesiredCount",
                "EnableECSManagedTags",
                "EnableExecuteCommand",
                "HealthCheckGracePeriodSeconds",
                "LaunchType",
                "NetworkConfiguration",
                "PropagateTags",
                "ServiceName",
                "TaskDefinition");
        return new Created(resource.id(), Map.of("Name", in.optional("ServiceName").orElse("")));
    }

    private Created targetGroup(Resource resource, Properties in) {
        in.accept(
                "HealthCheckIntervalSeconds",
                "HealthCheckPath",
                "HealthCheckPort",
                "HealthCheckProtocol",
                "HealthCheckTimeoutSeconds",
                "HealthyThresholdCount",
                "Matcher",
                "Name",
                "Port",
                "Protocol",
                "TargetGroupAttributes",
                "TargetType",
                "UnhealthyThresholdCount",
                "VpcId");
        var arn = arn("elasticloadbalancing", "targetgroup/" + resource.id() + "/1");
        return new Created(
                arn, Map.of("TargetGroupFullName", "targetgroup/" + resource.id() + "/1"));
    }

    private Created listenerRule(Resource resource, Properties in) {
        var hosts = new ArrayList<String>();
        var paths = new ArrayList<String>();
        for (var condition : in.parts("Conditions")) {
            switch (condition.text("Field")) {
                case "host-header" ->
                        hosts.addAll(texts(condition.get("HostHeaderConfig").path("Values")));
                case "path-pattern" ->
                        paths.addAll(texts(condition.get("PathPatternConfig").path("Values")));
                default -> throw new DeploymentException(resource + ": an unknown condition");
            }
            condition.requireAllRead();
        }
        var action = in.get("Actions").path(0);
        loadBalancer.addRule(
                in.text("ListenerArn"),
                in.get("Priority").intValue(),
                hosts,
                paths,
                action.path("TargetGroupArn").asString(""));
        return Created.named(resource.id());
    }

    /// An ARN where one is asked for, else a name that says what it stands for.
    private Created identifiers(Resource resource, Properties in) {
        var name =
                in.optional("LogGroupName")
                        .or(() -> in.optional("RepositoryName"))
                        .orElse(resource.id());
        var service = resource.type().split("::")[1].toLowerCase(java.util.Locale.ROOT);
        var arn =
                switch (resource.type()) {
                    case "AWS::Logs::LogGroup" -> arn("logs", "log-group:" + name + ":*");
                    case "AWS::ECR::Repository" -> arn("ecr", "repository/" + name);
                    default -> arn(service, name);
                };
        var reference =
                switch (resource.type()) {
                    case "AWS::CertificateManager::Certificate",
                            "AWS::ElasticLoadBalancingV2::Listener",
                            "AWS::ElasticLoadBalancingV2::LoadBalancer" ->
                            arn;
                    case "AWS::Cognito::UserPoolResourceServer" -> in.text("Identifier");
                    default -> name;
                };
        return new Created(
                reference, attribute -> attribute.endsWith("Arn") ? arn : name + "." + attribute);
    }

    @Override
    public void close() {
        List.of(sqs, sns, events, states, cloudWatch, s3, kms).forEach(it -> it.close());
    }
}
