package dev.orderflow.localrun;

import dev.orderflow.topology.CloudProvisioner.Provisioned;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a service is told about the machine it runs on, as arguments of its main method.
public final class ServiceSettings {

    /// The region local-cloud pretends to be.
    public static final String REGION = "us-east-1";

    private ServiceSettings() {}

    /// The arguments of one service.
    ///
    /// @param part which service
    /// @param port where it listens
    /// @param whereIs where this service reaches another part
    /// @param personalDataKey seals personal data; for the one service that holds any
    public static List<String> of(
            Part part,
            int port,
            String databaseUrl,
            String databasePassword,
            Function<Part, URI> whereIs,
            String internalApiKey,
            String personalDataKey,
            Provisioned cloud) {
        var usual =
                List.of(
                        "--spring.profiles.active=local",
                        "--server.address=127.0.0.1",
                        "--server.port=" + port,
                        "--spring.jmx.enabled=false",
                        "--spring.datasource.url=" + databaseUrl,
                        "--spring.datasource.username=" + part.service().orElseThrow().database(),
                        "--spring.datasource.password=" + databasePassword,
                        "--spring.datasource.hikari.maximum-pool-size=10",
                        "--spring.cloud.aws.endpoint=" + whereIs.apply(Part.LOCAL_CLOUD),
                        "--spring.cloud.aws.region.static=" + REGION,
                        "--spring.cloud.aws.credentials.access-key=local",
                        "--spring.cloud.aws.credentials.secret-key=local",
                        // A service stops when its last poll has ended.
                        "--spring.cloud.aws.sqs.listener.poll-timeout=3s",
                        "--management.cloudwatch.metrics.export.namespace=Orderflow",
                        "--orderflow.internal-api.keys[0]=" + internalApiKey,
                        "--orderflow.claim-checks.bucket=orderflow-claim-checks",
                        "--orderflow.claim-checks.path-style=true",
                        "--orderflow.order.workflow.state-machine-arn=" + cloud.stateMachineArn(),
                        "--orderflow.order.url=" + whereIs.apply(Part.ORDER_SERVICE),
                        "--orderflow.operations.state-machine-arn=" + cloud.stateMachineArn(),
                        "--orderflow.operations.order-url=" + whereIs.apply(Part.ORDER_SERVICE),
                        "--orderflow.operations.inventory-url="
                                + whereIs.apply(Part.INVENTORY_SERVICE),
                        "--orderflow.operations.payment-url=" + whereIs.apply(Part.PAYMENT_SERVICE),
                        "--orderflow.operations.shipping-url="
                                + whereIs.apply(Part.SHIPPING_SERVICE),
                        "--orderflow.operations.notification-url="
                                + whereIs.apply(Part.NOTIFICATION_SERVICE),
                        // The cloud's clock may run ahead of the services'.
                        "--orderflow.analytics.clock-skew=3650d",
                        "--orderflow.payment.gateway.api-base="
                                + whereIs.apply(Part.SANDBOX_GATEWAY),
                        "--orderflow.payment.gateway.api-key=sk_test_sandbox",
                        "--orderflow.shipping.carrier.url=" + whereIs.apply(Part.SANDBOX_CARRIER),
                        "--orderflow.notification.topic-arn="
                                + cloud.topicArns().get("order-notifications"));
        var itsOwn =
                part == Part.ORDER_SERVICE
                        ? List.of(
                                "--orderflow.order.personal-data.local-keys[0]=" + personalDataKey)
                        : List.<String>of();
        return Stream.concat(usual.stream(), itsOwn.stream()).toList();
    }
}
