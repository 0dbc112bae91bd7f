package dev.orderflow.localcloud.ses;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The newest 10,000 mails, which are stored instead of sent.
final class MailStore {

    private static final int KEPT = 10_000;

    private final ConcurrentLinkedDeque<ObjectNode> mails = new ConcurrentLinkedDeque<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();

    /// The number of mails that were ever stored.
    int sent() {
        return sent.get();
    }

    void add(ObjectNode mail) {
        mails.addLast(mail);
        sent.incrementAndGet();
        if (kept.incrementAndGet() > KEPT) {
            removeOldest();
        }
    }

    void clear() {
        while (removeOldest()) {
            // One at a time, so that the count stays right while mail arrives.
        }
    }

    /// @return whether there was a mail
    private boolean removeOldest() {
        boolean removed = mails.pollFirst() != null;
        if (removed) {
            kept.decrementAndGet();
        }
        return removed;
    }

    /// The mails with this id and recipient, oldest first.
    ///
    /// @param id null for any
    /// @param email null for any
    List<ObjectNode> find(@Nullable String id, @Nullable String email) {
        return mails.stream()
                .filter(mail -> id == null || mail.path("Id").asString().equals(id))
                .filter(
                        mail ->
                                email == null
                                        || mail.path("Destination").toString().contains(email))
                .toList();
    }
}
