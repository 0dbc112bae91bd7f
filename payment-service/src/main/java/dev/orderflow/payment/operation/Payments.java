package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.Payment;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The payments, one for each order.
public interface Payments {

    /// The payment of an order, as it is now.
    Optional<Payment> findByOrder(UUID orderId);

    /// The payments of orders, as they are now; an order without one is missing.
    List<Payment> findByOrder(Collection<UUID> orderIds);

    /// The payment of an order, kept from others until the caller's transaction ends.
    Optional<Payment> findForUpdate(UUID orderId);

    /// Stores the first state of an order's payment.
    ///
    /// @return false when another transaction has just done so; then its payment is to be seen
    boolean add(Payment payment);

    /// Stores the next state of a payment that the caller's transaction has locked.
    void save(Payment payment);
}
