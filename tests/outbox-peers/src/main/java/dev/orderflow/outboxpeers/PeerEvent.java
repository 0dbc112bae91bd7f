package dev.orderflow.outboxpeers;

/// An event.
///
/// @param payload JSON
public record PeerEvent(String key, String id, String payload) {}
