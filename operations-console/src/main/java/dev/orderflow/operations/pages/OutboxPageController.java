package dev.orderflow.operations.pages;

import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.outbox.ParkedEventsClient;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists and releases parked events.
@RestController
@RequestMapping(path = "/outbox", produces = PageRenderer.HTML)
class OutboxPageController {

    private static final Map<String, String> DONE =
            Map.of(
                    "released", "The events are released and will be published again.",
                    "none", "No event was parked for that reason any more.");

    private final PageRenderer pages;
    private final ParkedEventsClient parked;

    OutboxPageController(PageRenderer pages, ParkedEventsClient parked) {
        this.pages = pages;
        this.parked = parked;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ResponseEntity<String> list(
            PageContext context, @RequestParam(required = false) @Nullable String done) {
        return pages.render(
                "outbox.jte",
                new OutboxPage(
                        context,
                        Optional.ofNullable(done).map(DONE::get),
                        parked.findReasons(),
                        parked.findOldest()));
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/release")
    ResponseEntity<Void> releaseReason(@RequestParam String reason, @RequestParam String note) {
        return PageRedirect.done(
                "/outbox",
                parked.releaseReason(reason, requireNote(note)) == 0 ? "none" : "released");
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/orders/{orderId}/release")
    ResponseEntity<Void> releaseOrder(@PathVariable UUID orderId, @RequestParam String note) {
        parked.releaseOrder(orderId, requireNote(note));
        return PageRedirect.done("/outbox", "released");
    }

    private static String requireNote(String note) {
        return TextLine.require("note", note, TextLine.MAX_NOTE_LENGTH).strip();
    }
}
