package dev.orderflow.outbox.testkit;

/// An event as the outbox publishes it.
public record KitMessage(String key, String id) {}
