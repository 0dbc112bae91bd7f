package dev.orderflow.notification.channel;

import dev.orderflow.notification.channel.NotificationLog.NotificationState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

/// Reads rows of the table `notification`.
interface NotificationRows extends Repository<NotificationRow, UUID> {

    Optional<NotificationRow> findByOrderIdAndEventTypeAndChannel(
            UUID orderId, String eventType, NotificationChannel channel);

    List<NotificationRow> findByStateAndIdLessThanOrderByIdDesc(
            NotificationState state, UUID id, Limit most);

    List<NotificationRow> findByChannelAndOrderIdIn(
            NotificationChannel channel, Collection<UUID> orderIds);

    long countByState(NotificationState state);
}
