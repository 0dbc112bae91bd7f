package dev.orderflow.analytics.projection;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Empties the projections, so that a replay of the archive fills them anew.
@Repository
public class ProjectionReset {

    private final JdbcClient jdbc;

    ProjectionReset(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Forgets every fact and every figure made of them. Facts that come meanwhile wait, and count
    /// once like all others; so it does not matter which of them the replay brings again.
    ///
    /// @return how many facts were forgotten
    @Transactional
    public long reset() {
        jdbc.sql("LOCK TABLE fact, order_state, orders_by_state, facts_per_minute").update();
        var facts = jdbc.sql("SELECT count(*) FROM fact").query(Long.class).single();
        jdbc.sql("TRUNCATE fact, order_state, orders_by_state, facts_per_minute").update();
        return facts;
    }
}
