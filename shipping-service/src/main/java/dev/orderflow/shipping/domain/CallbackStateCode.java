package dev.orderflow.shipping.domain;

/// The name of a [TaskCallback] in the API and in the table.
public enum CallbackStateCode {
    NOT_REQUESTED,
    PENDING,
    ANSWERED,
    EXPIRED
}
