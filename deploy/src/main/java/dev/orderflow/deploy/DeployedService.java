package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The services with the data that stacks need: database, ports and callees.
///
/// Ports: `80xx` serves the API and `90xx` the management endpoints. order-service, the only
/// service with a public API, serves its internal API at `81xx`.
enum DeployedService {
    ORDER("order-service", "orders", 8080, 8180),
    INVENTORY("inventory-service", "inventory", 8081, 8081),
    PAYMENT("payment-service", "payments", 8082, 8082),
    SHIPPING("shipping-service", "shipping", 8083, 8083),
    NOTIFICATION("notification-service", "notifications", 8084, 8084),
    ANALYTICS("analytics-service", "analytics", 8085, 8085),
    OPERATIONS("operations-console", "operations", 8086, 8086);

    /// The port of the pages of operations-console.
    static final int PAGES_PORT = 8087;

    private static final int MANAGEMENT = 1_000;

    private final String label;
    private final String database;
    private final int port;
    private final int internalPort;

    DeployedService(String label, String database, int port, int internalPort) {
        this.label = label;
        this.database = database;
        this.port = port;
        this.internalPort = internalPort;
    }

    static DeployedService byName(String label) {
        return Arrays.stream(values())
                .filter(service -> service.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown service: " + label));
    }

    /// The name in the topology.
    String label() {
        return label;
    }

    /// The database and the user that owns it.
    String database() {
        return database;
    }

    /// The port of the public API; equal to the internal port if there is none.
    int port() {
        return port;
    }

    /// The port of the internal API.
    int internalPort() {
        return internalPort;
    }

    /// All ports of its container.
    List<Integer> ports() {
        return Stream.of(
                        port,
                        internalPort,
                        managementPort(),
                        this == OPERATIONS ? PAGES_PORT : port)
                .distinct()
                .toList();
    }

    /// The port of the management endpoints.
    int managementPort() {
        return port + MANAGEMENT;
    }

    /// The queues of which it is the consumer.
    List<Topology.QueueSpec> queues(Topology topology) {
        return topology.queues().stream().filter(queue -> queue.consumer().equals(label)).toList();
    }

    /// The queues that its containers poll: none if a function consumes them.
    List<Topology.QueueSpec> queuesPolled(Topology topology, Stage stage) {
        return this == ANALYTICS && stage.analytics() == Stage.AnalyticsMode.LAMBDA
                ? List.of()
                : queues(topology);
    }

    /// The services that it calls. Those without a route to the internet fetch the signing keys of
    /// the operators' user pool from order-service.
    Set<DeployedService> calls() {
        return switch (this) {
            case INVENTORY, NOTIFICATION, ANALYTICS -> EnumSet.of(ORDER);
            case SHIPPING -> EnumSet.of(ORDER, PAYMENT);
            case OPERATIONS ->
                    EnumSet.of(ORDER, INVENTORY, PAYMENT, SHIPPING, NOTIFICATION, ANALYTICS);
            case ORDER, PAYMENT -> EnumSet.noneOf(DeployedService.class);
        };
    }

    /// Whether it calls hosts on the internet: order-service fetches the signing keys of the user
    /// pool, payment-service calls the payment gateway, shipping-service the carrier, and
    /// operations-console exchanges authorization codes at the user pool of operators.
    boolean needsInternetAccess() {
        return switch (this) {
            case ORDER, PAYMENT, SHIPPING, OPERATIONS -> true;
            case INVENTORY, NOTIFICATION, ANALYTICS -> false;
        };
    }
}
