package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.Payment;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The payments. An order has at most one.
public interface Payments {

    /// The payment of an order.
    Optional<Payment> findByOrder(UUID orderId);

    /// The payments of orders; an order without a payment is missing.
    List<Payment> findByOrder(Collection<UUID> orderIds);

    /// The payment of an order, locked until the caller's transaction ends.
    Optional<Payment> findForUpdate(UUID orderId);

    /// Stores a new payment.
    ///
    /// @return false when another transaction has stored a payment of the order; it is visible then
    boolean add(Payment payment);

    /// Stores a payment that the caller's transaction has locked.
    void save(Payment payment);
}
