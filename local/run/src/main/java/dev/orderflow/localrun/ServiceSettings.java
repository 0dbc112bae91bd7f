package dev.orderflow.localrun;

import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// The properties of a service on a local machine, as arguments of its main method.
public final class ServiceSettings {

    /// The region of local-cloud.
    public static final String REGION = "us-east-1";

    private ServiceSettings() {}

    /// The name of a service's database and of its database user.
    public static String databaseOf(Component service) {
        return service.service().orElseThrow().database();
    }

    /// The arguments of one service.
    ///
    /// @param component the service
    /// @param ports its ports
    /// @param urls the URL at which this service reaches another component
    /// @param personalDataKey the encryption key of personal data, for the service that stores any
    public static List<String> of(
            Component component,
            ServicePorts ports,
            String databaseUrl,
            String databasePassword,
            Function<Component, URI> urls,
            String internalApiKey,
            String personalDataKey,
            ProvisionedCloud cloud) {
        var issuer = urls.apply(Component.DEVELOPMENT_ISSUER);
        var settings = new ArrayList<>(ports.arguments(component));
        Collections.addAll(
                settings,
                "--spring.profiles.active=local",
                "--server.address=127.0.0.1",
                "--management.server.address=127.0.0.1",
                "--spring.jmx.enabled=false",
                "--spring.datasource.url=" + databaseUrl,
                "--spring.datasource.username=" + databaseOf(component),
                "--spring.datasource.password=" + databasePassword,
                "--spring.datasource.hikari.maximum-pool-size=10",
                "--spring.cloud.aws.endpoint=" + urls.apply(Component.LOCAL_CLOUD),
                "--spring.cloud.aws.region.static=" + REGION,
                "--spring.cloud.aws.credentials.access-key=local",
                "--spring.cloud.aws.credentials.secret-key=local",
                "--management.cloudwatch.metrics.export.namespace=Orderflow",
                "--orderflow.internal-api.keys[0]=" + internalApiKey,
                "--orderflow.claim-checks.bucket=orderflow-claim-checks",
                "--orderflow.claim-checks.path-style=true",
                "--orderflow.order.tokens.issuer=" + issuer,
                "--orderflow.order.tokens.audiences[0]=" + DevelopmentIssuer.AUDIENCE,
                "--orderflow.order.tokens.jwk-set-uri=" + DevelopmentIssuer.jwksUrl(issuer),
                "--orderflow.operators.tokens.issuer=" + issuer,
                "--orderflow.operators.tokens.audiences[0]="
                        + DevelopmentIssuer.OPERATIONS_AUDIENCE,
                "--orderflow.operators.tokens.jwk-set-uri=" + DevelopmentIssuer.jwksUrl(issuer),
                "--orderflow.order.workflow.state-machine-arn=" + cloud.stateMachineArn(),
                "--orderflow.order.url=" + urls.apply(Component.ORDER_SERVICE_INTERNAL),
                "--orderflow.inventory.url=" + urls.apply(Component.INVENTORY_SERVICE),
                "--orderflow.payment.url=" + urls.apply(Component.PAYMENT_SERVICE),
                "--orderflow.shipping.url=" + urls.apply(Component.SHIPPING_SERVICE),
                "--orderflow.notification.url=" + urls.apply(Component.NOTIFICATION_SERVICE),
                "--orderflow.analytics.url=" + urls.apply(Component.ANALYTICS_SERVICE),
                "--orderflow.operations.state-machine-arn=" + cloud.stateMachineArn(),
                // The clock of local-cloud may run ahead of the services' clock.
                "--orderflow.analytics.clock-skew=3650d",
                "--orderflow.payment.gateway.url=" + urls.apply(Component.SANDBOX_GATEWAY),
                "--orderflow.payment.gateway.api-key=sk_test_sandbox",
                "--orderflow.shipping.carrier.url=" + urls.apply(Component.SANDBOX_CARRIER),
                "--orderflow.notification.topic-arn="
                        + cloud.topicArns().get("order-notifications"));
        if (component == Component.OPERATIONS_CONSOLE) {
            Collections.addAll(
                    settings,
                    "--orderflow.operations.sign-in.client-secret=" + DevelopmentIssuer.SECRET,
                    "--orderflow.operations.sign-in.authorization-uri="
                            + issuer.resolve("/oauth2/authorize"),
                    "--orderflow.operations.sign-in.token-uri=" + issuer.resolve("/oauth2/token"),
                    "--orderflow.operations.sign-in.jwk-set-uri="
                            + DevelopmentIssuer.jwksUrl(issuer),
                    "--orderflow.operations.workbench.enabled=true",
                    "--orderflow.operations.workbench.order-api-url="
                            + urls.apply(Component.ORDER_SERVICE),
                    "--orderflow.operations.workbench.issuer-url=" + issuer,
                    "--orderflow.operations.workbench.gateway-url="
                            + urls.apply(Component.SANDBOX_GATEWAY),
                    "--orderflow.operations.workbench.carrier-url="
                            + urls.apply(Component.SANDBOX_CARRIER),
                    "--orderflow.operations.workbench.cloud-url="
                            + urls.apply(Component.LOCAL_CLOUD));
        }
        if (component == Component.ORDER_SERVICE) {
            settings.add("--orderflow.order.personal-data.local-keys[0]=" + personalDataKey);
        }
        return List.copyOf(settings);
    }
}
