package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.alarms.AlarmDescription;
import dev.orderflow.operations.runbooks.RunbookFiles;
import dev.orderflow.topology.Topology;
import org.junit.jupiter.api.Test;

/// The topology writes the descriptions of alarms, and operations-console reads them.
class AlarmRunbooksTest {

    @Test
    void theConsoleHasTheRunbookThatTheDescriptionOfAnAlarmNames() {
        var topology = Topology.load();
        var runbooks = new RunbookFiles();
        assertThat(topology.allAlarms())
                .isNotEmpty()
                .allSatisfy(
                        alarm -> {
                            var description = AlarmDescription.of(topology.description(alarm));
                            assertThat(description.meaning()).isEqualTo(alarm.meaning() + ".");
                            assertThat(description.runbook())
                                    .hasValueSatisfying(
                                            name ->
                                                    assertThat(alarm.runbook())
                                                            .isEqualTo(name + ".md"))
                                    .hasValueSatisfying(
                                            name -> assertThat(runbooks.find(name)).isPresent());
                        });
    }
}
