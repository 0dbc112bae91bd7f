package dev.orderflow.order.persistence;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/// The rows of `orders` with their lines.
interface OrderRowRepository extends Repository<OrderRow, UUID> {

    @Query("select o from OrderRow o left join fetch o.lines where o.id = :id")
    Optional<OrderRow> findWithLines(UUID id);
}
