package dev.orderflow.shipping.domain;

/// What a report did to a shipment.
public sealed interface Change {

    /// The shipment as it is after the report.
    Shipment shipment();

    /// It moved on.
    record Moved(Shipment shipment) implements Change {}

    /// The report was no news.
    record Same(Shipment shipment) implements Change {}

    /// The report contradicts what is known. Nothing changed, and a person must look.
    ///
    /// @param what the contradiction in words, the same for all that are alike
    record OutOfTurn(Shipment shipment, String what) implements Change {}
}
