package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SizeTest {

    /// The rest is what RDS keeps for itself, the function, and people who look.
    private static final double SHARE_OF_OURS = 0.8;

    /// A deployment of all services replaces all of them at the same time, and it may come while
    /// each has as many tasks as it may have.
    @ParameterizedTest
    @EnumSource
    void theDatabaseHasAConnectionForEveryTaskWhileAllServicesAreReplacedAtOnce(Size size) {
        int most =
                Service.values().length
                        * (size.mostTasks() * size.mostPercentWhileReplaced() / 100)
                        * Size.CONNECTIONS_PER_TASK;
        assertThat(most).isLessThanOrEqualTo((int) (SHARE_OF_OURS * size.databaseConnections()));
    }

    /// ECS rounds down, and keeps all old tasks until a new one is healthy.
    @ParameterizedTest
    @EnumSource
    void aNewTaskHasRoomBesideTheOldOnes(Size size) {
        assertThat(size.tasks() * size.mostPercentWhileReplaced() / 100)
                .isGreaterThan(size.tasks());
    }

    @ParameterizedTest
    @EnumSource
    void thereIsRoomToGrow(Size size) {
        assertThat(size.mostTasks()).isGreaterThan(size.tasks());
    }
}
