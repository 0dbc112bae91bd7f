package dev.orderflow.analytics.projection;

import java.util.List;
import java.util.UUID;
import org.springframework.data.repository.Repository;

/// The table `fact`, for reading.
interface FactRows extends Repository<FactRow, String> {

    List<FactRow> findByOrderIdOrderByOrderVersionAscEventIdAsc(UUID orderId);
}
