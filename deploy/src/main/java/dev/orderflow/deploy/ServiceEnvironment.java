package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.secretsmanager.ISecret;

/// The environment variables and secrets of each service: the same properties as in
/// `docker-compose.yml`.
final class ServiceEnvironment {

    /// The topic of notifications for subscribers.
    static final String NOTIFICATIONS = "order-notifications";

    private final Stack stack;
    private final Stage stage;
    private final Topology topology;
    private final FoundationStack foundation;
    private final DataStack data;
    private final MessagingStack messaging;
    private final IdentityStack identity;

    ServiceEnvironment(
            Stack stack,
            Stage stage,
            Topology topology,
            FoundationStack foundation,
            DataStack data,
            MessagingStack messaging,
            IdentityStack identity) {
        this.stack = stack;
        this.stage = stage;
        this.topology = topology;
        this.foundation = foundation;
        this.data = data;
        this.messaging = messaging;
        this.identity = identity;
    }

    Map<String, String> variablesOf(DeployedService service) {
        var settings = new TreeMap<String, String>();
        // ECS sets no region in the container, and the SDK has no other source for it.
        settings.put("AWS_REGION", stage.region());
        settings.putAll(regionalBuckets(stage));
        settings.put("SPRING_DATASOURCE_URL", data.url(service.database()));
        settings.put("SPRING_DATASOURCE_USERNAME", service.database());
        settings.put("ORDERFLOW_DATABASE_IAM", "true");
        settings.put(
                "SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE",
                Integer.toString(SizeOfScale.CONNECTIONS_PER_TASK));
        settings.put("MANAGEMENT_CLOUDWATCH_METRICS_EXPORT_NAMESPACE", Topology.METRICS_NAMESPACE);
        addOperatorVariables(settings, service);
        if (!service.queuesPolled(topology, stage).isEmpty()) {
            settings.put("ORDERFLOW_CLAIMCHECKS_BUCKET", messaging.claimChecks().getBucketName());
        }
        for (var callee : service.calls()) {
            settings.put("ORDERFLOW_" + callee.name() + "_URL", url(callee));
        }
        switch (service) {
            case ORDER -> addOrderVariables(settings);
            case SHIPPING -> settings.put("ORDERFLOW_SHIPPING_CARRIER_URL", stage.carrierUrl());
            case NOTIFICATION -> {
                settings.put(
                        "ORDERFLOW_NOTIFICATION_TOPICARN",
                        messaging.topic(NOTIFICATIONS).getTopicArn());
                settings.put(
                        "ORDERFLOW_NOTIFICATION_FROM",
                        "Orderflow <orders@%s>".formatted(stage.domain()));
            }
            case ANALYTICS -> {
                if (stage.analytics() == Stage.AnalyticsMode.LAMBDA) {
                    settings.put("SPRING_CLOUD_AWS_SQS_LISTENER_AUTOSTARTUP", "false");
                }
            }
            case OPERATIONS -> {
                settings.put(
                        "ORDERFLOW_OPERATIONS_STATEMACHINEARN", Arns.workflow(stack, topology));
                settings.putAll(identity.operators().signInVariables());
            }
            case INVENTORY, PAYMENT -> {}
        }
        return settings;
    }

    /// Without it the SDK uses the global host name `bucket.s3.amazonaws.com` in us-east-1, which
    /// the DNS firewall blocks, instead of the regional one.
    ///
    /// @return the variables for clients of S3
    static Map<String, String> regionalBuckets(Stage stage) {
        return stage.region().equals("us-east-1")
                ? Map.of("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "regional")
                : Map.of();
    }

    private void addOperatorVariables(Map<String, String> settings, DeployedService service) {
        var operators = identity.operators();
        settings.put("ORDERFLOW_OPERATORS_TOKENS_ISSUER", operators.issuer());
        if (service.needsInternetAccess()) {
            settings.put("ORDERFLOW_OPERATORS_TOKENS_JWKSETURI", operators.jwkSetUri());
        } else {
            settings.put(
                    "ORDERFLOW_OPERATORS_TOKENS_JWKSETURI",
                    url(DeployedService.ORDER) + "/internal/operator-keys");
            settings.put("ORDERFLOW_OPERATORS_TOKENS_INTERNALJWKSET", "true");
        }
        // Access tokens of Cognito contain `client_id` and no audience, and groups as roles.
        settings.put("ORDERFLOW_OPERATORS_TOKENS_AUDIENCECLAIM", "client_id");
        settings.put("ORDERFLOW_OPERATORS_TOKENS_ROLESCLAIM", "cognito:groups");
        settings.put("ORDERFLOW_OPERATORS_TOKENS_NAMECLAIM", "username");
        var clients = operators.clients();
        for (int i = 0; i < clients.size(); i++) {
            settings.put("ORDERFLOW_OPERATORS_TOKENS_AUDIENCES_" + i, clients.get(i));
        }
    }

    private void addOrderVariables(Map<String, String> settings) {
        settings.put(
                "ORDERFLOW_ORDER_WORKFLOW_STATEMACHINEARN", Arns.liveWorkflow(stack, topology));
        settings.put(
                "ORDERFLOW_ORDER_PERSONALDATA_KMSKEYID", foundation.personalData().getKeyArn());
        settings.put("ORDERFLOW_ORDER_TOKENS_ISSUER", identity.issuer());
        settings.put("ORDERFLOW_ORDER_TOKENS_JWKSETURI", identity.jwkSetUri());
        // Access tokens of Cognito contain `client_id` and no audience.
        settings.put("ORDERFLOW_ORDER_TOKENS_AUDIENCECLAIM", "client_id");
        var clients = identity.clients();
        for (int i = 0; i < clients.size(); i++) {
            settings.put("ORDERFLOW_ORDER_TOKENS_AUDIENCES_" + i, clients.get(i));
        }
        settings.put("ORDERFLOW_ORDER_TOKENS_SCOPEPREFIX", IdentityStack.SCOPE_PREFIX);
        // Callers are programs that order for many customers.
        settings.put("ORDERFLOW_ORDER_RATELIMITS_WRITES_BURST", "1000");
        settings.put("ORDERFLOW_ORDER_RATELIMITS_WRITES_PERSECOND", "200");
        settings.put("ORDERFLOW_ORDER_RATELIMITS_READS_BURST", "4000");
        settings.put("ORDERFLOW_ORDER_RATELIMITS_READS_PERSECOND", "800");
        // For rate limits by address and the scheme in `Location`: use those of the client instead
        // of the load balancer.
        settings.put("SERVER_FORWARDHEADERSSTRATEGY", "native");
    }

    private String url(DeployedService service) {
        return "https://" + InternalLoadBalancer.host(service, stage);
    }

    Map<String, ISecret> secretsOf(DeployedService service) {
        var secrets = new TreeMap<String, ISecret>();
        secrets.put("ORDERFLOW_INTERNALAPI_KEYS_0", data.internalApiKey());
        secrets.put("ORDERFLOW_INTERNALAPI_KEYS_1", data.nextInternalApiKey());
        if (service == DeployedService.PAYMENT) {
            secrets.put("ORDERFLOW_PAYMENT_GATEWAY_APIKEY", data.gatewayKey());
        }
        return secrets;
    }
}
