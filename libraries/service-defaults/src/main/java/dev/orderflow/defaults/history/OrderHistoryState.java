package dev.orderflow.defaults.history;

/// What a part of the system says about an order now.
///
/// @param participant the part, for example `payment-gateway`
/// @param state its own word for the state, for programs; `UNAVAILABLE` when it could not be asked
/// @param summary one sentence, for people
public record OrderHistoryState(String participant, String state, String summary) {}
