package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SizeTest {

    /// What RDS keeps for itself, a deployment's second generation of one service, the function.
    private static final double SHARE_OF_OURS = 0.8;

    @ParameterizedTest
    @EnumSource
    void theDatabaseHasAConnectionForEveryTaskThereCanBe(Size size) {
        int most = Service.values().length * size.mostTasks() * Size.CONNECTIONS_PER_TASK;
        assertThat(most).isLessThanOrEqualTo((int) (SHARE_OF_OURS * size.databaseConnections()));
    }

    @ParameterizedTest
    @EnumSource
    void thereIsRoomToGrow(Size size) {
        assertThat(size.mostTasks()).isGreaterThan(size.tasks());
    }
}
