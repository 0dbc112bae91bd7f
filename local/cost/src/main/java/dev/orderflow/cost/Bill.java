package dev.orderflow.cost;

import java.util.List;

/// A bill with its items.
///
/// @param items in display order
public record Bill(List<BillItem> items) {

    /// The budget for a thousand orders, in US dollars. A change that exceeds it fails the build.
    public static final double MAX_PER_THOUSAND_ORDERS = 0.45;

    /// The monthly budget of the smallest installation without orders, in US dollars.
    public static final double MAX_FIXED_PER_MONTH = 350;

    /// @param what the usage type
    /// @param quantity the quantity
    /// @param dollars the cost in US dollars
    public record BillItem(String what, double quantity, double dollars) {}

    public Bill {
        items = List.copyOf(items);
    }

    /// The total, in US dollars.
    public double total() {
        return items.stream().mapToDouble(BillItem::dollars).sum();
    }

    /// The cost of a thousand orders.
    public static Bill ofThousandOrders(Usage.OrderUsage order) {
        return new Bill(
                List.of(
                        times("workflow transitions", order.transitions(), Prices.TRANSITION),
                        times("e-mails", order.mails(), Prices.MAIL),
                        times("SQS requests", order.sqsRequests(), Prices.SQS_REQUEST),
                        times("events on the bus", order.events(), Prices.EVENT),
                        times("SNS messages", order.notifications(), Prices.SNS_PUBLICATION),
                        times("bytes of logs", order.logBytes(), Prices.LOG_BYTE)));
    }

    private static BillItem times(String what, double perOrder, double price) {
        return new BillItem(what, perOrder * 1_000, perOrder * 1_000 * price);
    }

    /// The monthly cost of an installation without orders.
    public static Bill ofAMonth(Usage.BaseUsage always, InstallationSize size) {
        double tasks = InstallationSize.SERVICES * size.tasks();
        double polls =
                always.emptyReceivesPerSecond() * size.tasks() * Prices.HOURS_A_MONTH * 3_600;
        return new Bill(
                List.of(
                        monthly("Fargate tasks", tasks, size.taskHour() * Prices.HOURS_A_MONTH),
                        monthly(
                                "database hours, in db.t4g.medium",
                                size.databases() * Prices.HOURS_A_MONTH,
                                Prices.DATABASE_HOUR),
                        monthly(
                                "VPC endpoint hours",
                                InstallationSize.ENDPOINTS * size.zones() * Prices.HOURS_A_MONTH,
                                Prices.ENDPOINT_HOUR),
                        monthly(
                                "NAT gateway hours",
                                size.zones() * Prices.HOURS_A_MONTH,
                                Prices.NAT_HOUR),
                        monthly("firewall", 1, InstallationSize.FIREWALL),
                        monthly(
                                "load balancer hours",
                                InstallationSize.LOAD_BALANCERS * Prices.HOURS_A_MONTH,
                                Prices.LOAD_BALANCER_HOUR),
                        monthly("metrics of our own", always.metrics(), Prices.METRIC_MONTH),
                        monthly(
                                "alarms",
                                always.alarms() + InstallationSize.MORE_ALARMS,
                                Prices.ALARM_MONTH),
                        monthly(
                                "composite alarms",
                                InstallationSize.COMPOSITE_ALARMS,
                                Prices.COMPOSITE_ALARM_MONTH),
                        monthly("dashboards", always.dashboards(), Prices.DASHBOARD_MONTH),
                        monthly("empty receives", polls, Prices.SQS_REQUEST),
                        monthly("KMS keys", InstallationSize.KEYS, Prices.KEY_MONTH),
                        monthly("secrets", InstallationSize.SECRETS, Prices.SECRET_MONTH)));
    }

    private static BillItem monthly(String what, double quantity, double price) {
        return new BillItem(what, quantity, quantity * price);
    }
}
