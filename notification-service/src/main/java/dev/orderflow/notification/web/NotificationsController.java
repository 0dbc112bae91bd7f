package dev.orderflow.notification.web;

import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.notification.channel.SentOnce;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// For operators: what was told, and what nobody knows to have been told.
@RestController
class NotificationsController {

    private static final Set<String> STATES = Set.of("CLAIMED", "SENT", "UNKNOWN");

    private final SentOnce sentOnce;

    NotificationsController(SentOnce sentOnce) {
        this.sentOnce = sentOnce;
    }

    @GetMapping("/internal/notifications")
    List<SentOnce.Entry> notifications(@RequestParam(defaultValue = "UNKNOWN") String state) {
        if (!STATES.contains(state)) {
            throw Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request")
                    .detail("state must be CLAIMED, SENT or UNKNOWN.");
        }
        return sentOnce.in(state);
    }
}
