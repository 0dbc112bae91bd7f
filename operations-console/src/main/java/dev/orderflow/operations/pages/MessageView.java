package dev.orderflow.operations.pages;

import dev.orderflow.operations.session.MessagePages.MessagePage;

/// A message as its template shows it.
///
/// @param theme as in [PageContext]
public record MessageView(MessagePage message, String theme) {}
