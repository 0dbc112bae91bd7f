package dev.orderflow.inventory.persistence;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

/// The table `stock`, for reading.
interface StockRows extends Repository<StockRow, String> {

    List<StockRow> findBySkuGreaterThanOrderBySku(String after, Limit limit);
}
