package dev.orderflow.payment.persistence;

import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.operation.Payments;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JpaPayments implements Payments {

    private final PaymentRows rows;
    private final JdbcClient jdbc;

    JpaPayments(PaymentRows rows, JdbcClient jdbc) {
        this.rows = rows;
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Payment> findByOrder(UUID orderId) {
        return rows.findById(orderId).map(PaymentRow::read);
    }

    @Override
    public List<Payment> findByOrder(Collection<UUID> orderIds) {
        return rows.findAllById(orderIds).stream().map(PaymentRow::read).toList();
    }

    @Override
    public Optional<Payment> findForUpdate(UUID orderId) {
        return rows.findForUpdate(orderId).map(PaymentRow::read);
    }

    /// By JDBC, because JPA has no `ON CONFLICT DO NOTHING`: an insert that loses the race would
    /// abort the transaction.
    @Override
    public boolean add(Payment payment) {
        var amount = payment.amount();
        return jdbc.sql(
                                """
                                INSERT INTO payment
                                       (order_id, payment_id, customer_ref, amount, currency, state, key_number)
                                VALUES (:order, :payment, :customer, :amount, :currency, :state, :keyNumber)
                                ON CONFLICT (order_id) DO NOTHING
                                """)
                        .param("order", payment.orderId())
                        .param("payment", payment.paymentId())
                        .param(
                                "customer",
                                payment.customer() == null ? null : payment.customer().value())
                        .param("amount", amount == null ? null : amount.amount())
                        .param(
                                "currency",
                                amount == null ? null : amount.currency().getCurrencyCode())
                        .param("state", payment.state().code().name())
                        .param("keyNumber", payment.keyNumber())
                        .update()
                == 1;
    }

    /// Flushes, so that JDBC statements of the same transaction see the change.
    @Override
    public void save(Payment payment) {
        rows.findById(payment.orderId()).orElseThrow().write(payment);
        rows.flush();
    }
}
