package dev.orderflow.analytics.projection;

import java.util.List;
import java.util.UUID;
import org.springframework.data.repository.Repository;

/// Reads rows of the table `fact`.
interface FactRows extends Repository<FactRow, String> {

    List<FactRow> findByOrderIdOrderByOrderVersionAscEventIdAsc(UUID orderId);
}
