package dev.orderflow.analytics.projection;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Deletes all facts and projections, so that a replay of the archive rebuilds them.
@Repository
public class ProjectionReset {

    private final JdbcClient jdbc;

    ProjectionReset(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Deletes every fact and projection. Facts that arrive meanwhile wait for the table locks and
    /// count once like all others, so it does not matter which of them the replay repeats.
    ///
    /// @return the number of deleted facts
    @Transactional
    public long reset() {
        jdbc.sql("LOCK TABLE fact, order_state, orders_by_state, facts_per_minute").update();
        var facts = jdbc.sql("SELECT count(*) FROM fact").query(Long.class).single();
        jdbc.sql("TRUNCATE fact, order_state, orders_by_state, facts_per_minute").update();
        return facts;
    }
}
