package dev.orderflow.order.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.RejectionReason;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// The final states are defined by [OrderStateCode] for all services, by the sealed type of
/// order-service, and in SQL.
class FinalStatesTest {

    private static JdbcClient jdbc;

    @BeforeAll
    static void createSchema() {
        var database = new DriverManagerDataSource(TestDatabase.create().url());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/order-service")
                .load()
                .migrate();
        jdbc = JdbcClient.create(database);
    }

    static List<OrderState> states() {
        return List.of(
                new OrderState.Pending(),
                new OrderState.Confirmed(),
                new OrderState.Dispatching(),
                new OrderState.CancelRequested(),
                new OrderState.Shipped(),
                new OrderState.Rejected(RejectionReason.OUT_OF_STOCK),
                new OrderState.Cancelled());
    }

    @Test
    void everyStateHasACode() {
        assertThat(states())
                .extracting(state -> OrderStateCode.of(state.code()).orElseThrow())
                .containsExactlyInAnyOrder(OrderStateCode.values());
    }

    @ParameterizedTest
    @MethodSource("states")
    void theCodeIsFinalIfTheStateIs(OrderState state) {
        assertThat(OrderStateCode.of(state.code()).orElseThrow().isFinal())
                .isEqualTo(state instanceof OrderState.Final);
    }

    @ParameterizedTest
    @MethodSource("states")
    void theColumnIsFinalAgreesWithTheSealedType(OrderState state) {
        boolean isFinal =
                jdbc.sql(
                                """
                                INSERT INTO orders (id, customer_ref, state, rejection_reason, total_amount,
                                                    currency, placed_at, personal_data)
                                VALUES (:id, 'customer', :state, :reason, 1, 'EUR', now(), '')
                                RETURNING is_final
                                """)
                        .param("id", UUID.randomUUID())
                        .param("state", state.code())
                        .param("reason", state.rejectionReason().map(Enum::name).orElse(null))
                        .query(Boolean.class)
                        .single();
        assertThat(isFinal).isEqualTo(state instanceof OrderState.Final);
    }
}
