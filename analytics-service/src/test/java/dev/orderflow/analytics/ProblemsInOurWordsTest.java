package dev.orderflow.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.HostileOperations;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class ProblemsInOurWordsTest extends RunningAnalytics {

    @Test
    void noOperationAnswersAHostileValueInWordsOfJava(
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mapping) {
        var operations = HostileOperations.ofInternalApi(mapping, port);
        assertThat(operations.objections()).isEmpty();
        assertThat(operations.calls()).isGreaterThan(50);
    }
}
