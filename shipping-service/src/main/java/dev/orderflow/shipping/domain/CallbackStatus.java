package dev.orderflow.shipping.domain;

/// Whether the workflow has its answer, as the table and the API name it; see [TaskCallback].
public enum CallbackStatus {
    NOT_REQUESTED,
    PENDING,
    ANSWERED,
    EXPIRED
}
