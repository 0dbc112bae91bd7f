package dev.orderflow.operations.pages;

import dev.orderflow.defaults.confirmations.Confirmations;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.alarms.AlarmQueries;
import dev.orderflow.operations.approvals.ApprovalsClient;
import dev.orderflow.operations.auditor.AuditCursor;
import dev.orderflow.operations.auditor.ViolationLog;
import dev.orderflow.operations.deadletters.DeadLetterIndex;
import dev.orderflow.operations.deadletters.QueueSamples;
import dev.orderflow.operations.outbox.ParkedEventsClient;
import dev.orderflow.operations.workitems.WorkItemsClient;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The first page.
@RestController
@RequestMapping(produces = PageRenderer.HTML)
class NowController {

    private static final int MAX_ITEMS = 200;
    private static final int MAX_VIOLATIONS = 200;

    private final PageRenderer pages;
    private final WorkItemsClient workItems;
    private final ApprovalsClient approvals;
    private final ParkedEventsClient parkedEvents;
    private final Confirmations confirmations;
    private final ViolationLog violations;
    private final AuditCursor auditCursor;
    private final DeadLetterIndex deadLetters;
    private final AlarmQueries alarms;
    private final QueueSamples samples;

    NowController(
            PageRenderer pages,
            WorkItemsClient workItems,
            ApprovalsClient approvals,
            ParkedEventsClient parkedEvents,
            Confirmations confirmations,
            ViolationLog violations,
            AuditCursor auditCursor,
            DeadLetterIndex deadLetters,
            AlarmQueries alarms,
            QueueSamples samples) {
        this.samples = samples;
        this.pages = pages;
        this.workItems = workItems;
        this.approvals = approvals;
        this.parkedEvents = parkedEvents;
        this.confirmations = confirmations;
        this.violations = violations;
        this.auditCursor = auditCursor;
        this.deadLetters = deadLetters;
        this.alarms = alarms;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/")
    ResponseEntity<String> now(PageContext context) {
        return pages.render(
                "now.jte",
                new NowPage(
                        context,
                        PagePart.read(
                                () ->
                                        workItems.findOpen(
                                                Optional.empty(), Optional.empty(), MAX_ITEMS)),
                        PagePart.read(approvals::findPending),
                        PagePart.read(parkedEvents::findReasons),
                        confirmations.findWaiting(),
                        violations.findViolations(false, Long.MAX_VALUE, MAX_VIOLATIONS),
                        auditCursor.comparedUntil(),
                        deadLetters.scans(),
                        PagePart.read(() -> alarms.find(true)),
                        samples.find()));
    }
}
