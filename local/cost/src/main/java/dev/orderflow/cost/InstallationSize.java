package dev.orderflow.cost;

import java.util.Locale;

/// The size of an installation.
public enum InstallationSize {
    /// One task of each service in one availability zone: for a trial or a small shop.
    SMALL(1, 0.25, 1, 1, 1),
    /// Two tasks of each service in two zones, the database with a standby.
    MEDIUM(2, 0.5, 1, 2, 2),
    /// Four tasks of each service, twice the database, with a standby.
    LARGE(4, 1, 2, 2, 4);

    static final int SERVICES = 7;

    /// sqs, events, states, sns, email, monitoring, logs, secretsmanager, kms, ecr.api, ecr.dkr.
    static final int ENDPOINTS = 11;

    /// One for customers, one for the workflow.
    static final int LOAD_BALANCERS = 2;

    /// The firewall of the public load balancer: itself, two rate rules, three managed rule groups.
    static final double FIREWALL = Prices.FIREWALL_MONTH + 5 * Prices.FIREWALL_RULE_MONTH;

    /// One each for stored data, for messages, and for personal data.
    static final int KEYS = 3;

    /// The current and the next key of the internal API, and the key of the gateway. The database
    /// uses no passwords.
    static final int SECRETS = 3;

    /// Alarms that exist only on AWS: containers, database, load balancers, deliveries.
    static final int MORE_ALARMS = 85;

    /// One for each group of alarms that pages, and the one of an outage of the database.
    static final int COMPOSITE_ALARMS = 13;

    private final int tasks;
    private final double cpus;
    private final double gigabytes;
    private final int zones;
    private final int databases;

    InstallationSize(int tasks, double cpus, double gigabytes, int zones, int databases) {
        this.tasks = tasks;
        this.cpus = cpus;
        this.gigabytes = gigabytes;
        this.zones = zones;
        this.databases = databases;
    }

    int tasks() {
        return tasks;
    }

    /// The number of availability zones with endpoints and a NAT gateway.
    int zones() {
        return zones;
    }

    /// In multiples of the price of db.t4g.medium.
    int databases() {
        return databases;
    }

    double taskHour() {
        return cpus * Prices.CPU_HOUR + gigabytes * Prices.GIGABYTE_HOUR;
    }

    /// A short description.
    String description() {
        return "%s: %d × %d tasks of %s vCPU and %s GB"
                .formatted(name().toLowerCase(Locale.ROOT), SERVICES, tasks, cpus, gigabytes);
    }
}
