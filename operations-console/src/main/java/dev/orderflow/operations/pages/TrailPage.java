package dev.orderflow.operations.pages;

import dev.orderflow.operations.audittrail.AuditTrail.AuditTrailEntry;
import java.util.List;
import java.util.Optional;

/// Who did what, and why.
///
/// @param subject what the entries are about; empty for all
/// @param next the cursor of the next page; empty on the last
public record TrailPage(
        PageContext context,
        Optional<String> subject,
        List<AuditTrailEntry> entries,
        Optional<Long> next) {}
