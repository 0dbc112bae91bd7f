package dev.orderflow.notification.channel;

import dev.orderflow.notification.channel.SentOnce.State;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

/// Reads what was told.
interface ToldRows extends Repository<ToldRow, UUID> {

    Optional<ToldRow> findByOrderIdAndEventTypeAndChannel(
            UUID orderId, String eventType, Channel channel);

    List<ToldRow> findByStateOrderByIdDesc(State state, Limit most);

    List<ToldRow> findByChannelAndOrderIdIn(Channel channel, Collection<UUID> orderIds);

    long countByState(State state);
}
