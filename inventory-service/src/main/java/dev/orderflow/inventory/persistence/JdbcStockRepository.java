package dev.orderflow.inventory.persistence;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.domain.StockMovement;
import dev.orderflow.inventory.stock.StockLevel;
import dev.orderflow.inventory.stock.StockRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Changes stock together with its ledger: each statement that writes one writes the other.
@Repository
class JdbcStockRepository implements StockRepository {

    private final JdbcClient jdbc;

    JdbcStockRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Locks the rows sorted by SKU. A later statement sees what the previous lock holders have
    /// committed.
    @Override
    public Map<Sku, StockLevel> lock(ReservationLines lines) {
        return jdbc
                .sql(
                        """
                        SELECT sku, on_hand, reserved FROM stock
                        WHERE sku = ANY (:skus::text[])
                        ORDER BY sku
                        FOR NO KEY UPDATE
                        """)
                .param("skus", JdbcReservationRepository.skus(lines))
                .query((row, _) -> toLevel(row))
                .list()
                .stream()
                .collect(Collectors.toMap(StockLevel::sku, Function.identity()));
    }

    @Override
    public void move(StockMovement movement, UUID orderId, ReservationLines lines) {
        int moved =
                jdbc.sql(
                                """
                                WITH moved AS (
                                    UPDATE stock
                                    SET on_hand = stock.on_hand + line.quantity * :on_hand::int,
                                        reserved = stock.reserved + line.quantity * :reserved::int
                                    FROM unnest(:skus::text[], :quantities::bigint[]) AS line (sku, quantity)
                                    WHERE stock.sku = line.sku
                                      AND stock.on_hand - stock.reserved
                                          >= line.quantity * (:reserved::int - :on_hand::int)
                                    RETURNING stock.sku, line.quantity,
                                              stock.on_hand AS on_hand_after, stock.reserved AS reserved_after)
                                INSERT INTO stock_ledger (sku, movement, order_id, on_hand_change, reserved_change,
                                                          on_hand_after, reserved_after)
                                SELECT sku, :movement, :order_id, quantity * :on_hand::int, quantity * :reserved::int,
                                       on_hand_after, reserved_after
                                FROM moved
                                """)
                        .param("skus", JdbcReservationRepository.skus(lines))
                        .param("quantities", JdbcReservationRepository.quantities(lines))
                        .param("on_hand", movement.onHand())
                        .param("reserved", movement.reserved())
                        .param("movement", movement.name())
                        .param("order_id", orderId)
                        .update();
        if (moved != lines.list().size()) {
            throw new IllegalStateException(
                    "%s of %d lines of order %s moved %d lines"
                            .formatted(movement, lines.list().size(), orderId, moved));
        }
    }

    @Override
    public StockLevel receive(Sku sku, int quantity, String reference) {
        return jdbc.sql(
                        """
                        WITH received AS (
                            INSERT INTO stock (sku, on_hand, reserved) VALUES (:sku, :quantity, 0)
                            ON CONFLICT (sku) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand
                            RETURNING sku, on_hand, reserved),
                        recorded AS (
                            INSERT INTO stock_ledger (sku, movement, reference, on_hand_change, reserved_change,
                                                      on_hand_after, reserved_after)
                            SELECT sku, 'RECEIVED', :reference, :quantity, 0, on_hand, reserved FROM received)
                        SELECT sku, on_hand, reserved FROM received
                        """)
                .param("sku", sku.value())
                .param("quantity", quantity)
                .param("reference", reference)
                .query((row, _) -> toLevel(row))
                .single();
    }

    private static StockLevel toLevel(ResultSet row) throws SQLException {
        return new StockLevel(
                new Sku(row.getString("sku")), row.getLong("on_hand"), row.getLong("reserved"));
    }
}
