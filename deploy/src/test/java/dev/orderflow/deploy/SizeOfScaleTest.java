package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SizeOfScaleTest {

    /// The remaining connections are for RDS itself, the function and operators.
    private static final double SHARE_OF_OURS = 0.8;

    /// A deployment replaces all services at the same time, possibly while each has its maximum
    /// number of tasks.
    @ParameterizedTest
    @EnumSource
    void theDatabaseHasEnoughConnectionsWhileAllServicesAreReplacedAtOnce(SizeOfScale size) {
        int most =
                DeployedService.values().length
                        * (size.maxTasks() * size.maxHealthyPercent() / 100)
                        * SizeOfScale.CONNECTIONS_PER_TASK;
        assertThat(most).isLessThanOrEqualTo((int) (SHARE_OF_OURS * size.databaseConnections()));
    }

    /// ECS rounds down, and keeps all old tasks until a new one is healthy.
    @ParameterizedTest
    @EnumSource
    void aDeploymentStartsNewTasksBesideTheOldOnes(SizeOfScale size) {
        assertThat(size.tasks() * size.maxHealthyPercent() / 100).isGreaterThan(size.tasks());
    }

    @ParameterizedTest
    @EnumSource
    void theMaximumIsAboveTheMinimum(SizeOfScale size) {
        assertThat(size.maxTasks()).isGreaterThan(size.tasks());
    }
}
