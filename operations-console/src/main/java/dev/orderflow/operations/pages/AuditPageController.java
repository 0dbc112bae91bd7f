package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.auditor.AuditCursor;
import dev.orderflow.operations.auditor.ViolationLog;
import dev.orderflow.operations.auditor.ViolationLog.RecordedViolation;
import dev.orderflow.operations.audittrail.TrailCursor;
import dev.orderflow.operations.audittrail.TrailReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists violations of invariants and the audit trail.
@RestController
@RequestMapping(produces = PageRenderer.HTML)
class AuditPageController {

    private static final int PAGE_SIZE = 50;

    private final PageRenderer pages;
    private final ViolationLog violations;
    private final AuditCursor auditCursor;
    private final TrailReader trail;

    AuditPageController(
            PageRenderer pages,
            ViolationLog violations,
            AuditCursor auditCursor,
            TrailReader trail) {
        this.pages = pages;
        this.violations = violations;
        this.auditCursor = auditCursor;
        this.trail = trail;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/audit")
    ResponseEntity<String> audit(
            PageContext context,
            @RequestParam(defaultValue = "false") boolean cleared,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long cursor) {
        var found = violations.findViolations(cleared, cursor, PAGE_SIZE + 1);
        List<RecordedViolation> shown = found.stream().limit(PAGE_SIZE).toList();
        return pages.render(
                "audit.jte",
                new AuditPage(
                        context,
                        cleared,
                        shown,
                        auditCursor.comparedUntil(),
                        found.size() > PAGE_SIZE
                                ? Optional.of(shown.getLast().id())
                                : Optional.empty()));
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/trail")
    ResponseEntity<String> trail(
            PageContext context,
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(required = false) @Nullable String cursor) {
        // Postgres rejects NUL in text, and no entry has one in its subject.
        var chosen =
                Optional.ofNullable(subject)
                        .map(text -> text.strip().replace("\0", "?"))
                        .filter(text -> !text.isEmpty());
        return pages.render(
                "trail.jte",
                new TrailPage(
                        context,
                        chosen,
                        trail.findBefore(
                                chosen,
                                Optional.ofNullable(cursor).map(TrailCursor::parse),
                                PAGE_SIZE)));
    }
}
