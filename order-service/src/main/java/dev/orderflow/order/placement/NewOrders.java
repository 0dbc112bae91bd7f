package dev.orderflow.order.placement;

import dev.orderflow.defaults.idempotency.ConditionalInsert;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.PersonalData;
import java.util.List;

/// Prepares the rows of new orders.
public interface NewOrders {

    /// The inserts of an order and its lines. Its personal data is stored encrypted.
    List<ConditionalInsert> prepare(Order order, PersonalData.AvailablePersonalData personalData);
}
