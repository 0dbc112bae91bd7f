package dev.orderflow.payment.persistence;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface PaymentRows extends JpaRepository<PaymentRow, UUID> {

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("SELECT payment FROM PaymentRow payment WHERE payment.orderId = :orderId")
    Optional<PaymentRow> findForUpdate(UUID orderId);
}
