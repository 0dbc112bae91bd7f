package dev.orderflow.operations.pages;

import dev.orderflow.operations.audittrail.TrailReader.TrailPart;
import java.util.Optional;

/// Who did what, and why.
///
/// @param subject what the entries are about; empty for all
public record TrailPage(PageContext context, Optional<String> subject, TrailPart trail) {}
