package dev.orderflow.shipping.persistence;

import dev.orderflow.shipping.shipment.CarrierOutages;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcCarrierOutages implements CarrierOutages {

    private final JdbcClient jdbc;

    JdbcCarrierOutages(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void recordOpen(UUID id, Instant openedAt) {
        jdbc.sql(
                        """
                        INSERT INTO carrier_outage (id, opened_at, last_open_at)
                        VALUES (:id, :opened, greatest(:opened, now()))
                        ON CONFLICT (id) DO UPDATE SET last_open_at = greatest(carrier_outage.last_open_at, now())
                        """)
                .param("id", id)
                .param("opened", openedAt.atOffset(ZoneOffset.UTC))
                .update();
    }

    @Override
    public void recordClosed(UUID id, Instant openedAt, Instant closedAt) {
        jdbc.sql(
                        """
                        INSERT INTO carrier_outage (id, opened_at, last_open_at, closed_at)
                        VALUES (:id, :opened, :closed, :closed)
                        ON CONFLICT (id) DO UPDATE
                           SET last_open_at = excluded.last_open_at, closed_at = excluded.closed_at
                        """)
                .param("id", id)
                .param("opened", openedAt.atOffset(ZoneOffset.UTC))
                .param("closed", closedAt.atOffset(ZoneOffset.UTC))
                .update();
    }
}
