package dev.orderflow.operations.workbench;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.auditor.Invariant;
import dev.orderflow.operations.pages.PageContext;
import dev.orderflow.operations.pages.PagePart;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The workbench.
///
/// @param done what the reader has just done
/// @param order whose log is shown
/// @param log of the order; empty when no order is chosen, or the services share no log file
/// @param hasLogFile whether the services share a log file
/// @param lamps every invariant with its open violations
/// @param comparedUntil everything before this time was audited
public record WorkbenchPage(
        PageContext context,
        Optional<String> done,
        Optional<UUID> order,
        PagePart<List<WorkbenchChoice>> articles,
        PagePart<List<WorkbenchChoice>> cards,
        PagePart<List<WorkbenchChoice>> gatewayModes,
        PagePart<String> gatewayMode,
        PagePart<Boolean> carrierAvailable,
        PagePart<List<CloudServiceSwitch>> cloudServices,
        PagePart<List<SentMail>> mails,
        PagePart<ChargeTotals> charges,
        PagePart<BookingTotals> bookings,
        Optional<LoadReport> load,
        Optional<List<String>> log,
        boolean hasLogFile,
        List<WorkbenchLamp> lamps,
        Instant comparedUntil) {

    /// The limit of the rate of a load.
    public static final int MAX_PER_SECOND = SteadyLoad.MAX_PER_SECOND;

    /// The limit of the length of a load.
    public static final int MAX_SECONDS = SteadyLoad.MAX_SECONDS;

    /// A value to choose, with what it means.
    public record WorkbenchChoice(String value, String description) {}

    /// An AWS service of local-cloud.
    ///
    /// @param name its signing name
    public record CloudServiceSwitch(String name, boolean off) {

        /// What stops while it is off.
        public String effect() {
            return switch (name) {
                case "events" -> "The event bus: events stay in the outbox.";
                case "sqs" -> "The queues: no message is received.";
                case "states" -> "Step Functions: no workflow is started, none gets an answer.";
                case "ses" -> "The mail service: no e-mail is sent.";
                case "sns" -> "Topics: subscribers get no notification.";
                case "s3" -> "Buckets: large messages cannot be stored or read.";
                case "kms" -> "Keys: no effect here, where data keys come from the settings.";
                case "monitoring" -> "CloudWatch: no metrics, no alarms.";
                case "sts" -> "Temporary credentials: no effect here.";
                default -> "";
            };
        }
    }

    /// An e-mail that local-cloud stored instead of sending it.
    public record SentMail(Instant at, String to, String subject) {}

    /// What the payment gateway charged.
    ///
    /// @param chargedTwice ids of orders with more than one charge
    public record ChargeTotals(
            long orders, List<String> chargedTwice, List<CurrencyTotal> totals) {}

    /// The sums in one currency.
    ///
    /// @param net captured less refunded
    public record CurrencyTotal(String currency, long charges, String authorized, String net) {}

    /// What the carrier booked.
    ///
    /// @param bookedTwice ids of orders with more than one parcel
    public record BookingTotals(
            int parcels, List<String> bookedTwice, Optional<String> latestTrackingNumber) {}

    /// The load that runs or ran last.
    ///
    /// @param orders how many it places at most
    /// @param end when it ends at the latest
    /// @param skipped not placed, because 20 calls waited for order-service
    /// @param problem the latest failure
    public record LoadReport(
            boolean running,
            int perSecond,
            int orders,
            Instant end,
            int placed,
            int refused,
            int skipped,
            Optional<String> problem) {}

    /// An invariant as a lamp.
    ///
    /// @param open how many open violations it has
    public record WorkbenchLamp(Invariant invariant, long open) {}

    /// Whether the reader may change anything.
    public boolean mayChange() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// Whether a load runs.
    public boolean isLoaded() {
        return load.filter(LoadReport::running).isPresent();
    }

    /// Whether no fault is active, as far as it is known.
    public boolean isHealthy() {
        return gatewayMode.value().orElse("none").equals("none")
                && carrierAvailable.value().orElse(true)
                && cloudServices.value().orElse(List.of()).stream()
                        .noneMatch(CloudServiceSwitch::off);
    }

    /// The parts that did not respond.
    public List<String> problems() {
        return Stream.of(
                        articles.problem(),
                        cards.problem(),
                        gatewayMode.problem(),
                        carrierAvailable.problem(),
                        cloudServices.problem(),
                        mails.problem())
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }
}
