package dev.orderflow.cost;

import java.util.Locale;

/// How large an installation is.
public enum InstallationSize {
    /// One task of each service in one availability zone: to look at, or for a small shop at night.
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

    /// In front of the public one: the firewall itself, two rules that count, three sets of AWS's.
    static final double FIREWALL = Prices.FIREWALL_MONTH + 5 * Prices.FIREWALL_RULE_MONTH;

    /// One for what is stored, one for what is on its way, one for personal data.
    static final int KEYS = 3;

    /// The internal API's key, the one it changes places with, and the gateway's. The database
    /// knows no passwords.
    static final int SECRETS = 3;

    /// On what only AWS has: containers, database, load balancers, deliveries.
    static final int MORE_ALARMS = 84;

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

    /// In how many zones there are endpoints, and a way out for those that need one.
    int zones() {
        return zones;
    }

    /// In multiples of db.t4g.medium's price.
    int databases() {
        return databases;
    }

    double taskHour() {
        return cpus * Prices.CPU_HOUR + gigabytes * Prices.GIGABYTE_HOUR;
    }

    /// What it is, in a few words.
    String description() {
        return "%s: %d × %d tasks of %s vCPU and %s GB"
                .formatted(name().toLowerCase(Locale.ROOT), SERVICES, tasks, cpus, gigabytes);
    }
}
