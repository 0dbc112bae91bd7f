package dev.orderflow.notification.web;

import dev.orderflow.notification.channel.SentOnce;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// For operators: what was told, and what nobody knows to have been told.
@RestController
class NotificationsController {

    private final SentOnce sentOnce;

    NotificationsController(SentOnce sentOnce) {
        this.sentOnce = sentOnce;
    }

    @GetMapping("/internal/notifications")
    List<SentOnce.Entry> notifications(
            @RequestParam(defaultValue = "UNKNOWN") SentOnce.State state) {
        return sentOnce.in(state);
    }
}
