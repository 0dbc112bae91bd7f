package dev.orderflow.shipping.domain;

import java.time.Instant;

/// Who waits for the outcome of a shipment.
public sealed interface Caller {

    /// Nobody has asked yet: the cancellation came first and left its mark.
    record Nobody() implements Caller {}

    /// The workflow asked and has no answer yet.
    ///
    /// @param askedAt when it asked, which tells the newest token
    record Awaiting(TaskToken token, Instant askedAt) implements Caller {}

    /// The workflow has taken the answer.
    record Answered(TaskToken token, Instant askedAt) implements Caller {}

    /// The workflow no longer takes an answer to this token. It asks again with another one, or it
    /// has ended.
    ///
    /// @param why the error it gave
    record Gone(TaskToken token, Instant askedAt, String why) implements Caller {}
}
