package dev.orderflow.cost;

/// The billable usage of AWS, as measured or as calculated for another design.
///
/// @param perOrder the usage of one order
/// @param always the usage without orders
public record Usage(OrderUsage perOrder, BaseUsage always) {

    /// Mean values per order.
    ///
    /// @param transitions of the workflow: its start, each state entered, each retry
    /// @param events put on the custom bus
    /// @param sqsRequests sends, non-empty receives, deletes, changes of visibility
    /// @param notifications published to SNS
    /// @param mails sent by SES
    /// @param logBytes written to logs
    public record OrderUsage(
            double transitions,
            double events,
            double sqsRequests,
            double notifications,
            double mails,
            double logBytes) {}

    /// @param emptyReceivesPerSecond of one task of each service, without messages
    /// @param metrics custom metrics in CloudWatch
    /// @param alarms in CloudWatch, by the number of metrics they watch
    /// @param dashboards in CloudWatch
    public record BaseUsage(
            double emptyReceivesPerSecond, int metrics, int alarms, int dashboards) {}
}
