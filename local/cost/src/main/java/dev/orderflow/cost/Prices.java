package dev.orderflow.cost;

/// List prices of us-east-1 in US dollars, of November 2026, without free tiers
/// ([aws.amazon.com/pricing](https://aws.amazon.com/pricing)).
final class Prices {

    static final double TRANSITION = 0.025 / 1_000;
    static final double EVENT = 1.00 / 1_000_000;
    static final double SQS_REQUEST = 0.40 / 1_000_000;
    static final double SNS_PUBLICATION = 0.50 / 1_000_000;
    static final double MAIL = 0.10 / 1_000;
    static final double LOG_BYTE = 0.50 / 1_000_000_000;
    static final double LAMBDA_CALL = 0.20 / 1_000_000;

    /// On ARM, 512 MB for 100 ms.
    static final double LAMBDA_RUN = 0.0000133334 * 0.5 * 0.1;

    static final double METRIC_MONTH = 0.30;
    static final double ALARM_MONTH = 0.10;
    static final double COMPOSITE_ALARM_MONTH = 0.50;
    static final double DASHBOARD_MONTH = 3.00;
    static final double KEY_MONTH = 1.00;
    static final double SECRET_MONTH = 0.40;

    /// Fargate on ARM.
    static final double CPU_HOUR = 0.03238;

    static final double GIGABYTE_HOUR = 0.00356;

    /// PostgreSQL on db.t4g.medium, in one availability zone.
    static final double DATABASE_HOUR = 0.065;

    /// One interface endpoint in one availability zone.
    static final double ENDPOINT_HOUR = 0.01;

    /// One NAT gateway.
    static final double NAT_HOUR = 0.045;

    static final double FIREWALL_MONTH = 5.00;
    static final double FIREWALL_RULE_MONTH = 1.00;
    static final double LOAD_BALANCER_HOUR = 0.0225;

    static final double HOURS_A_MONTH = 730;

    private Prices() {}
}
