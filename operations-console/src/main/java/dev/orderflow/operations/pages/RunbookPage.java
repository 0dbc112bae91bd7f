package dev.orderflow.operations.pages;

import dev.orderflow.operations.runbooks.RunbookDocument;
import java.util.List;

/// A runbook.
///
/// @param others the runbooks that the index lists; empty for every other
public record RunbookPage(
        PageContext context, RunbookDocument runbook, List<RunbookDocument> others) {}
