package dev.orderflow.payment.persistence;

import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.operation.Payments;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Repository;

@Repository
class JpaPayments implements Payments {

    private final PaymentRows rows;

    JpaPayments(PaymentRows rows) {
        this.rows = rows;
    }

    @Override
    public Optional<Payment> of(UUID orderId) {
        return rows.findById(orderId).map(PaymentRow::read);
    }

    @Override
    public Optional<Payment> locked(UUID orderId) {
        return rows.lockedByOrderId(orderId).map(PaymentRow::read);
    }

    /// Written at once, so that statements beside JPA find it in the same transaction.
    @Override
    public void add(Payment payment) {
        var row = new PaymentRow(payment.orderId());
        row.write(payment);
        rows.saveAndFlush(row);
    }

    @Override
    public void save(Payment payment) {
        var row = rows.findById(payment.orderId()).orElseThrow();
        row.write(payment);
        rows.saveAndFlush(row);
    }
}
