package dev.orderflow.notification.web;

import dev.orderflow.notification.channel.SentOnce;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
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

    /// Which orders' mails are wanted.
    record Wanted(List<UUID> orderIds) {

        private static final int MOST = 200;

        Wanted {
            if (orderIds.isEmpty() || orderIds.size() > MOST) {
                throw new IllegalArgumentException(
                        "orderIds must be 1 to " + MOST + " but were " + orderIds.size());
            }
        }
    }

    record Standings(List<SentOnce.Entry> mails) {}

    @PostMapping("/internal/notifications/standings")
    Standings standings(@RequestBody Wanted wanted) {
        return new Standings(sentOnce.mailsOf(wanted.orderIds()));
    }
}
