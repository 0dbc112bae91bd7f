package dev.orderflow.operations.redrive;

/// What was sent for an item, so that its result can be found.
///
/// @param sentId as in [RedrivenItem]
/// @param sentTo as in [RedrivenItem]
/// @param type as in [RedrivenItem]
public record SentItem(String sentId, String sentTo, String type) {}
