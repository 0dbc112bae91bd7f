package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Parallel and Map.
class BranchesTest {

    private final StepFunctionsFixture fixture = new StepFunctionsFixture(100);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static final String WAIT_OR_FAIL =
            """
            {"QueryLanguage":"JSONata","StartAt":"P","States":{
              "P":{"Type":"Parallel","End":true,"Branches":[
                {"StartAt":"Slow","States":{"Slow":{"Type":"Wait","Seconds":86400,"End":true}}},
                {"StartAt":"Pause","States":{"Pause":{"Type":"Wait","Seconds":10,"Next":"Bad"},"Bad":{"Type":"Fail","Error":"Bad","Cause":"so"}}}],
                "Catch":[{"ErrorEquals":["Bad"],"Output":"{% $states.errorOutput.Error %}","Next":"C"}]},
              "C":{"Type":"Pass","End":true}}}
            """;

    @Test
    void branchOutputsKeepTheOrderOfTheBranches() {
        var ran =
                fixture.run(
                        """
                        {"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Parallel","Arguments":{"n":"{% $states.input.n * 2 %}"},"End":true,"Branches":[
                          {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":20,"Next":"A2"},"A2":{"Type":"Pass","Output":"{% $states.input.n %}","End":true}}},
                          {"StartAt":"B","States":{"B":{"Type":"Pass","Output":"b","End":true}}}]}}}
                        """,
                        "{\"n\":4}");

        assertThat(ran.output()).isEqualTo(StepFunctionsJson.parse("[8,\"b\"]"));
        assertThat(fixture.chain(ran.arn()))
                .containsExactly(
                        "1<0 ExecutionStarted",
                        "2<0 ParallelStateEntered",
                        "3<2 ParallelStateStarted",
                        "4<3 WaitStateEntered",
                        "5<3 PassStateEntered",
                        "6<5 PassStateExited",
                        "7<4 WaitStateExited",
                        "8<7 PassStateEntered",
                        "9<8 PassStateExited",
                        "10<9 ParallelStateSucceeded",
                        "11<9 ParallelStateExited",
                        "12<11 ExecutionSucceeded");
    }

    @Test
    void aFailedBranchEndsItsSiblingsAndIsCaught() {
        var ran = fixture.run(WAIT_OR_FAIL, "{}");

        assertThat(ran.output()).isEqualTo(StepFunctionsJson.parse("\"Bad\""));
        assertThat(fixture.chain(ran.arn()))
                .containsSequence(
                        "4<3 WaitStateEntered",
                        "5<3 WaitStateEntered",
                        "6<5 WaitStateExited",
                        "7<6 FailStateEntered",
                        "8<4 WaitStateAborted",
                        "9<7 ParallelStateFailed",
                        "10<9 ParallelStateExited",
                        "11<10 PassStateEntered");
    }

    /// Whatever thread the scheduler prefers.
    @Test
    void branchesStartInTheirOrder() {
        var branches =
                IntStream.range(0, 10)
                        .mapToObj(
                                n ->
                                        """
                                        {"StartAt":"W%1$d","States":{"W%1$d":{"Type":"Wait","Seconds":1,"End":true}}},
                                        {"StartAt":"P%1$d","States":{"P%1$d":{"Type":"Pass","End":true}}}"""
                                                .formatted(n))
                        .collect(Collectors.joining(","));
        var definition =
                """
                {"StartAt":"All","States":{"All":{"Type":"Parallel","End":true,"Branches":[%s]}}}
                """
                        .formatted(branches);
        for (int round = 0; round < 50; round++) {
            assertThat(fixture.chain(fixture.run(definition, "{}").arn()))
                    .filteredOn(event -> event.contains("<3 "))
                    .extracting(event -> event.split(" ", -1)[1])
                    .isEqualTo(
                            Collections.nCopies(10, List.of("WaitStateEntered", "PassStateEntered"))
                                    .stream()
                                    .flatMap(List::stream)
                                    .toList());
        }
    }

    /// The threads of the iterations get the lock in any order, some after the first has failed.
    @Test
    void anExecutionWhoseIterationsFailAtOnceHasNoEventAfterItsEnd() {
        var executions = new ArrayList<String>();
        for (int round = 0; round < 20; round++) {
            executions.add(
                    fixture.run(
                                    """
                                    {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":0,"End":true,
                                      "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Fail","Error":"E"}}}}}}
                                    """,
                                    "[1,2,3,4,5,6,7,8,9,10]")
                            .arn());
        }
        for (var execution : executions) {
            var types = fixture.chain(execution).stream().map(it -> it.split(" ", -1)[1]).toList();
            assertThat(types.getLast()).isEqualTo("ExecutionFailed");
            assertThat(types.stream().filter("MapIterationStarted"::equals).count())
                    .isEqualTo(
                            types.stream()
                                    .filter(
                                            it ->
                                                    it.equals("MapIterationFailed")
                                                            || it.equals("MapIterationAborted"))
                                    .count());
        }
    }

    @Test
    void aMapWhoseItemsCannotBeEvaluatedFailsAsAMap() {
        var ran =
                fixture.run(
                        """
                        {"QueryLanguage":"JSONata","StartAt":"M","States":{"M":{"Type":"Map","Items":"{% $no %}",
                          "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true}}}
                        """,
                        "{}");

        assertThat(fixture.chain(ran.arn()))
                .endsWith(
                        "2<0 MapStateEntered",
                        "3<3 EvaluationFailed",
                        "4<3 MapStateFailed",
                        "5<4 ExecutionFailed");
    }

    @Test
    void aRetriedParallelRestartsAllItsBranches() {
        var ran =
                fixture.run(
                        WAIT_OR_FAIL.replace(
                                "\"Catch\"",
                                "\"Retry\":[{\"ErrorEquals\":[\"Bad\"],\"MaxAttempts\":1}],\"Catch\""),
                        "{}");

        assertThat(fixture.chain(ran.arn()))
                .containsSequence("8<4 WaitStateAborted", "9<7 ParallelStateStarted");
        assertThat(fixture.chain(ran.arn()).stream().filter(e -> e.endsWith("ParallelStateFailed")))
                .as("on the last attempt only")
                .hasSize(1);
        assertThat(fixture.chain(ran.arn()).stream().filter(e -> e.contains("FailStateEntered")))
                .hasSize(2);
    }

    @Test
    void aMapWithConcurrencyOneProcessesItemsInOrder() {
        var ran =
                fixture.run(
                        """
                        {"QueryLanguage":"JSONata","StartAt":"M","States":{"M":{"Type":"Map","Items":"{% $states.input.items %}","MaxConcurrency":1,
                          "ItemSelector":{"i":"{% $states.context.Map.Item.Index %}","v":"{% $states.context.Map.Item.Value %}","all":"{% $count($states.input.items) %}"},
                          "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true}}}
                        """,
                        "{\"items\":[\"a\",\"b\"]}");

        assertThat(ran.output())
                .isEqualTo(
                        StepFunctionsJson.parse(
                                "[{\"i\":0,\"v\":\"a\",\"all\":2},{\"i\":1,\"v\":\"b\",\"all\":2}]"));
        assertThat(fixture.chain(ran.arn()))
                .containsExactly(
                        "1<0 ExecutionStarted",
                        "2<0 MapStateEntered",
                        "3<2 MapStateStarted",
                        "4<3 MapIterationStarted",
                        "5<4 PassStateEntered",
                        "6<5 PassStateExited",
                        "7<6 MapIterationSucceeded",
                        "8<6 MapIterationStarted",
                        "9<8 PassStateEntered",
                        "10<9 PassStateExited",
                        "11<10 MapIterationSucceeded",
                        "12<11 MapStateSucceeded",
                        "13<11 MapStateExited",
                        "14<13 ExecutionSucceeded");
        assertThat(fixture.details(ran.arn(), "MapStateStarted").path("length").asInt())
                .isEqualTo(2);
    }

    @Test
    void aFailedIterationFailsTheMap() {
        var ran =
                fixture.run(
                        """
                        {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":1,
                          "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Fail","ErrorPath":"$.e","Cause":"so"}}},"End":true}}}
                        """,
                        "{\"items\":[{\"e\":\"First\"},{\"e\":\"Second\"}]}");

        assertThat(ran.error()).isEqualTo("First");
        assertThat(fixture.chain(ran.arn()))
                .endsWith(
                        "5<4 FailStateEntered",
                        "6<5 MapIterationFailed",
                        "7<5 MapStateFailed",
                        "8<7 ExecutionFailed");
    }

    @Test
    void anEmptyMapSucceedsAtOnce() {
        var ran =
                fixture.run(
                        """
                        {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items",
                          "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"ResultPath":"$.done","End":true}}}
                        """,
                        "{\"items\":[]}");

        assertThat(ran.output()).isEqualTo(StepFunctionsJson.parse("{\"items\":[],\"done\":[]}"));
        assertThat(fixture.chain(ran.arn()))
                .containsSequence(
                        "3<2 MapStateStarted", "4<3 MapStateSucceeded", "5<3 MapStateExited");
    }

    @Test
    void aMapRunsFortyIterationsConcurrently() {
        var ran =
                fixture.run(
                        """
                        {"QueryLanguage":"JSONata","StartAt":"M","States":{"M":{"Type":"Map","Items":"{% [1..100] %}",
                          "ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":30,"Next":"O"},"O":{"Type":"Pass","Output":"{% $states.input * 2 %}","End":true}}},
                          "Output":"{% $sum($states.result) %}","End":true}}}
                        """,
                        "{}");

        assertThat(ran.output()).isEqualTo(StepFunctionsJson.parse("10100"));
        int running = 0;
        int most = 0;
        for (var event : fixture.events(ran.arn())) {
            running +=
                    switch (event.path("type").stringValue()) {
                        case "MapIterationStarted" -> 1;
                        case "MapIterationSucceeded" -> -1;
                        default -> 0;
                    };
            most = Math.max(most, running);
        }
        assertThat(most).isEqualTo(40);
    }

    @Test
    void mapsNestAndVariablesAreLocalToTheirBranch() {
        var ran =
                fixture.run(
                        """
                        {"QueryLanguage":"JSONata","StartAt":"S","States":{
                          "S":{"Type":"Pass","Assign":{"outer":10},"Next":"M"},
                          "M":{"Type":"Map","Items":[[1,2],[3]],"ItemProcessor":{"StartAt":"N","States":{
                             "N":{"Type":"Map","ItemProcessor":{"StartAt":"A","States":{
                                "A":{"Type":"Pass","Assign":{"mine":"{% $states.input + $outer %}"},"Next":"B"},
                                "B":{"Type":"Pass","Output":"{% $mine %}","End":true}}},"End":true}}},
                           "End":true}}}
                        """,
                        "{}");

        assertThat(ran.output()).isEqualTo(StepFunctionsJson.parse("[[11,12],[13]]"));
    }
}
