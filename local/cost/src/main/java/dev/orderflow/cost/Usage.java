package dev.orderflow.cost;

/// What a system uses of AWS that costs money, as counted or as reckoned of another design.
///
/// @param perOrder what each order takes
/// @param always what is used whether orders come or not
public record Usage(OrderUsage perOrder, BaseUsage always) {

    /// Means, so they have fractions.
    ///
    /// @param transitions of the workflow: its start, each state entered, each retry
    /// @param events put on the custom bus
    /// @param sqsRequests sends, receives that brought something, deletions, changes of visibility
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

    /// @param emptyReceivesPerSecond of one task of each service, while nothing happens
    /// @param metrics of our own in CloudWatch
    /// @param alarms in CloudWatch, counted by the metrics they watch
    /// @param dashboards in CloudWatch
    public record BaseUsage(
            double emptyReceivesPerSecond, int metrics, int alarms, int dashboards) {}
}
