package dev.orderflow.deploy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// The services, and what their surroundings must know of them.
///
/// The order of the ports is a rule of the house: `80xx` is where a service is called, `90xx` where
/// it says how it is. Only order-service has a door for the world, so it has a third for the house.
enum DeployedService {
    ORDER("order-service", "orders", 8080, 8180),
    INVENTORY("inventory-service", "inventory", 8081, 8081),
    PAYMENT("payment-service", "payments", 8082, 8082),
    SHIPPING("shipping-service", "shipping", 8083, 8083),
    NOTIFICATION("notification-service", "notifications", 8084, 8084),
    ANALYTICS("analytics-service", "analytics", 8085, 8085),
    OPERATIONS("operations-console", "operations", 8086, 8086);

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
                .orElseThrow(() -> new IllegalArgumentException("no such service: " + label));
    }

    /// As the topology names it.
    String label() {
        return label;
    }

    /// Its database, and the user that owns it.
    String database() {
        return database;
    }

    /// Where it is called from outside the house.
    int port() {
        return port;
    }

    /// Where it is called from inside.
    int internalPort() {
        return internalPort;
    }

    /// Where it says how it is.
    int managementPort() {
        return port + MANAGEMENT;
    }

    /// Which services it calls.
    Set<DeployedService> calls() {
        return switch (this) {
            case INVENTORY, NOTIFICATION -> EnumSet.of(ORDER);
            case SHIPPING -> EnumSet.of(ORDER, PAYMENT);
            case OPERATIONS -> EnumSet.of(ORDER, INVENTORY, PAYMENT, SHIPPING, NOTIFICATION);
            case ORDER, PAYMENT, ANALYTICS -> EnumSet.noneOf(DeployedService.class);
        };
    }

    /// Whether it talks to somebody who is not on AWS's private network: order-service fetches the
    /// keys of the user pool, payment-service calls the gateway, shipping-service the carrier.
    boolean needsInternetAccess() {
        return switch (this) {
            case ORDER, PAYMENT, SHIPPING -> true;
            case INVENTORY, NOTIFICATION, ANALYTICS, OPERATIONS -> false;
        };
    }
}
