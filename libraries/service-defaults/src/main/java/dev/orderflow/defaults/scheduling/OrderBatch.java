package dev.orderflow.defaults.scheduling;

import dev.orderflow.defaults.aws.AwsFailures;
import dev.orderflow.defaults.database.DatabaseFailures;
import dev.orderflow.defaults.tracing.RedactedException;
import java.util.Collection;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles the orders that are due in a scheduled task. An order that fails delays no other one: it
/// is logged as an error, and stays due or becomes due again.
///
/// Only an outage of the database or of AWS ends the task, since the other orders would fail, too.
public final class OrderBatch {

    private static final Logger log = LoggerFactory.getLogger(OrderBatch.class);

    private OrderBatch() {}

    /// Handles all elements, one after the other.
    ///
    /// @param orderOf the order of an element
    /// @param activity what is done with each, for the log line of a failure
    /// @throws RuntimeException an outage of the database or of AWS
    public static <T> void forEach(
            Collection<T> elements,
            Function<T, UUID> orderOf,
            String activity,
            Consumer<T> handler) {
        for (var element : elements) {
            handle(
                    orderOf.apply(element),
                    activity,
                    () -> {
                        handler.accept(element);
                        return true;
                    });
        }
    }

    /// Handles one order.
    ///
    /// @return the result of the handler, or false if it failed
    /// @throws RuntimeException an outage of the database or of AWS
    public static boolean handle(UUID orderId, String activity, BooleanSupplier handler) {
        try {
            return handler.getAsBoolean();
        } catch (RuntimeException failure) {
            if (isOutage(failure)) {
                throw failure;
            }
            log.error(
                    "order {}: {} failed; retrying in a later run",
                    orderId,
                    activity,
                    RedactedException.of(failure));
            return false;
        }
    }

    private static boolean isOutage(RuntimeException failure) {
        return DatabaseFailures.isOutage(failure) || AwsFailures.findOutage(failure).isPresent();
    }
}
