package dev.orderflow.defaults.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;

class ProblemTest {

    /// Every service makes its problems here, so none repeats a member of RFC 9457.
    @ParameterizedTest
    @ValueSource(strings = {"type", "title", "status", "detail", "instance"})
    void noProblemHasAStandardMemberTwice(String member) {
        var problem = Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock");
        assertThatThrownBy(() -> problem.with(member, "CAPTURED"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(member + " is a standard member of problems");
        assertThat(problem.getBody().getProperties()).isNull();
    }

    @Test
    void aProblemContainsDataForPrograms() {
        var problem =
                Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock")
                        .detail("1 left")
                        .with("sku", "MUG-BLUE");
        assertThat(problem.getBody().getProperties()).containsEntry("sku", "MUG-BLUE");
    }
}
