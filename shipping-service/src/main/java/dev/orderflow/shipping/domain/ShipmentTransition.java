package dev.orderflow.shipping.domain;

/// The effect of a report on a shipment.
public sealed interface ShipmentTransition {

    /// The shipment after the report.
    Shipment shipment();

    /// The shipment changed.
    record ShipmentMoved(Shipment shipment) implements ShipmentTransition {}

    /// The report was a repetition or no longer relevant.
    record ShipmentUnchanged(Shipment shipment) implements ShipmentTransition {}

    /// The report contradicts the shipment's state. Nothing changed, and an operator must look.
    ///
    /// @param contradiction what contradicts what, in the same words for every shipment, so that
    ///     dead letters can be grouped by it
    record ShipmentOutOfOrder(Shipment shipment, String contradiction)
            implements ShipmentTransition {}
}
