package dev.orderflow.operations.live;

import java.time.Duration;
import java.util.function.Supplier;

/// What a page shows a part of.
///
/// @param name as in the attribute `data-watch` of pages
/// @param interval how often it is read while a page is open
/// @param state reads a text that differs when what pages show differs; it may throw
record LiveTopic(String name, Duration interval, Supplier<String> state) {}
